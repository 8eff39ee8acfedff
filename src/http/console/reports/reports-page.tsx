import type { ListedReport } from '../../../reports/reports-deps.ts';
import { Text } from '../parts/values/values.tsx';
import { pathOfReport } from './path-of-report.ts';

export interface ReportsContent {
  reports: readonly ListedReport[];
  /** The faults of the file of saved reports. If there are any, saved reports are left out. */
  faults: readonly string[];
  canAskSql: boolean;
}

export const ORIGINS = {
  'built-in': 'Ships with ssm-archive',
  configured: 'Defined in archive.yaml',
  saved: 'Saved here',
} as const;

/** `/reports`: the list of all reports. */
export function ReportsPage({ reports, faults, canAskSql }: ReportsContent) {
  return (
    <>
      <h1>Reports</h1>
      <p class="quiet">
        Questions with a name, and with parameters.{' '}
        {canAskSql && (
          <>
            Any question in <a href="/sql">SQL</a> can be saved as a report.
          </>
        )}
      </p>
      {faults.length > 0 && (
        <p class="note bad" role="alert">
          Saved reports are left out: somebody has to correct the faults in their file. <Text of={faults.join('; ')} />
        </p>
      )}
      <section class="wide" tabindex={0} aria-label="Reports">
        <table data-rows>
          <thead>
            <tr>
              <th scope="col">Report</th>
              <th scope="col">What it answers</th>
              <th scope="col">Parameters</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {reports.map(({ name, description, parameters, origin }) => (
              <tr>
                <td>
                  <a href={pathOfReport(name)}>
                    <Text of={name} />
                  </a>
                </td>
                <td>
                  <Text of={description} />
                </td>
                <td>
                  <Text of={parameters.map((parameter) => parameter.name).join(', ')} />
                </td>
                <td>{ORIGINS[origin]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
