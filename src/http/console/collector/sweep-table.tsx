import type { SweepView } from '../../../archive/passes/list-runs.ts';
import { pathOfPass } from '../parts/values/paths.ts';
import { count, durationText, Outcome, Text, Time } from '../parts/values/values.tsx';

/** Sweeps, the newest first. */
export function SweepTable({ sweeps }: { sweeps: readonly SweepView[] }) {
  return (
    <section class="wide" tabindex={0} aria-label="Sweeps">
      <table>
        <thead>
          <tr>
            <th scope="col">Began</th>
            <th scope="col">Took</th>
            <th scope="col">Outcome</th>
            <th scope="col">Of</th>
            <th scope="col">Account</th>
            <th scope="col">Region</th>
            {['Pages', 'Calls', 'Throttled', 'Seen', 'New', 'Changed'].map((name) => (
              <th scope="col" class="number">
                {name}
              </th>
            ))}
            <th scope="col">Pass</th>
            <th scope="col">Request ids</th>
          </tr>
        </thead>
        <tbody>
          {sweeps.map((sweep) => (
            <tr>
              <td class="when">
                <Time at={sweep.startedAt} />
              </td>
              <td class="when">
                {durationText(
                  sweep.finishedAt === null ? null : Date.parse(sweep.finishedAt) - Date.parse(sweep.startedAt),
                )}
              </td>
              <td>
                <Outcome outcome={sweep.outcome} />
                {sweep.error !== null && (
                  <div>
                    <Text of={sweep.error} />
                  </div>
                )}
              </td>
              <td>
                <What sweep={sweep} />
              </td>
              <td>
                <Text of={sweep.accountId} />
              </td>
              <td class="when">
                <Text of={sweep.region} />
              </td>
              {[sweep.pages, sweep.calls, sweep.throttles, sweep.rowsSeen, sweep.rowsAdded, sweep.rowsChanged].map(
                (n) => (
                  <td class="number">{count(n)}</td>
                ),
              )}
              <td class="when">
                <a href={pathOfPass(`run-${sweep.runId}`)}>run-{sweep.runId}</a>
              </td>
              <td>
                {sweep.requestIds && sweep.requestIds.length > 0 ? (
                  <details>
                    <summary>{sweep.requestIds.length}</summary>
                    <span class="mono">
                      <Text of={sweep.requestIds.join(' ')} />
                    </span>
                  </details>
                ) : (
                  '–'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function What({ sweep: { operation, fromAt, toAt, commandId, instanceId } }: { sweep: SweepView }) {
  if (commandId !== null)
    return (
      <>
        command <Text of={commandId} /> {instanceId !== null && <Text of={instanceId} />}
      </>
    );
  const what = operation === 'ListCommandInvocations' ? '' : `${operation} `;
  if (fromAt === null && toAt === null) return <>{what || 'everything'}</>;
  return (
    <>
      {what}
      {fromAt !== null && (
        <>
          from <Time at={fromAt} />
        </>
      )}{' '}
      {toAt !== null && (
        <>
          to <Time at={toAt} />
        </>
      )}
    </>
  );
}
