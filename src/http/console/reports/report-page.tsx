import { visibleText } from '../../../lib/text/visible-text.ts';
import type { ReportParameter, ReportParameterType } from '../../../questions/reports/report.ts';
import type { ListedReport } from '../../../reports/reports-deps.ts';
import type { AskedFault } from '../parts/questions/asked-faults.ts';
import { RowLimit } from '../parts/sql/row-limit.tsx';
import { Text } from '../parts/values/values.tsx';
import { Fault } from './fault.tsx';
import { pathOfReport } from './path-of-report.ts';
import { ORIGINS } from './reports-page.tsx';

export interface ReportContent {
  report: ListedReport;
  /** The schedules on which the report is written to a folder, as cron expressions in UTC. */
  schedules: readonly string[];
  /** The typed values, by the names of the parameters. */
  given: Readonly<Record<string, string>>;
  limit: number;
  faults: readonly AskedFault[];
  /** The address of the SQL page with the same question and values, for callers who may use SQL. */
  sqlPath: string | undefined;
  canDelete: boolean;
}

/** `/reports/…`: the description of a report, and a form for its parameters. */
export function ReportPage(content: ReportContent) {
  const { report, schedules, given, limit, faults, sqlPath, canDelete } = content;
  return (
    <>
      <h1>
        <Text of={report.name} />
      </h1>
      <p>
        <Text of={report.description} />
      </p>
      <form
        class="filters report"
        method="get"
        action={pathOfReport(report.name)}
        aria-label="Parameters of the report"
      >
        {report.parameters.map((parameter) => (
          <Field
            parameter={parameter}
            typed={given[parameter.name]}
            fault={faults.find((one) => one.parameter === parameter.name)?.message}
          />
        ))}
        <div class="send">
          <RowLimit limit={limit} />
          <button class="main" type="submit">
            Run
          </button>
        </div>
      </form>
      <p class="bar">
        <span class="quiet">
          {ORIGINS[report.origin]}
          {schedules.length > 0 && `; written on a schedule: ${schedules.join(', ')} (cron, UTC)`}
        </span>
        {sqlPath !== undefined && <a href={sqlPath}>Open in SQL</a>}
        {canDelete && <a href={`${pathOfReport(report.name)}/delete`}>Delete</a>}
      </p>
      <details>
        <summary>Its SQL</summary>
        <pre class="output" tabindex={0}>
          {report.sql.split('\n').map(visibleText).join('\n')}
        </pre>
      </details>
    </>
  );
}

const HINTS: Readonly<Record<ReportParameterType, string>> = {
  text: 'text',
  integer: 'a whole number',
  real: 'a number',
  date: 'a date, or a relative one such as today or -30d',
  time: 'a date, a time, or a relative one such as now, -30d or -12h',
  zone: 'the name of a time zone, such as Europe/Berlin or UTC',
};

/** Dates and times are text fields, because people may type `-30d`. */
function Field(props: { parameter: ReportParameter; typed: string | undefined; fault: string | undefined }) {
  const { typed, fault } = props;
  const { name, type, description, default: otherwise } = props.parameter;
  return (
    <label>
      <code>{name}</code>
      <input
        name={name}
        value={typed ?? otherwise ?? ''}
        inputmode={type === 'integer' ? 'numeric' : type === 'real' ? 'decimal' : undefined}
        required={otherwise === undefined && type !== 'text'}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={fault === undefined ? undefined : 'true'}
        aria-describedby={`about-${name}`}
      />
      <span id={`about-${name}`}>
        {fault !== undefined && <Fault fault={fault} />}
        <Text of={description} /> ({HINTS[type]})
      </span>
    </label>
  );
}

/** Asks whether a saved report should really be deleted. */
export function DeleteReportPage({ name }: { name: string }) {
  return (
    <>
      <h1>Delete {visibleText(name)}?</h1>
      <p>Readers will not be able to run it any more, and its SQL is not kept.</p>
      <form class="bar" method="post" action={`${pathOfReport(name)}/delete`}>
        <button type="submit">Delete it</button>
        <a href={pathOfReport(name)}>Keep it</a>
      </form>
    </>
  );
}

/** A page that says why an action on a report failed. */
export function ReportProblem({ title, sentence }: { title: string; sentence: string }) {
  return (
    <>
      <h1>{title}</h1>
      <p class="note bad" role="alert">
        {visibleText(sentence)}
      </p>
      <p>
        <a href="/reports">All reports</a>
      </p>
    </>
  );
}
