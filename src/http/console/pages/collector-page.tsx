import type { RunSourceView, RunView } from '../../../archive/list-runs.ts';
import { count, durationText, Text, Time } from '../parts/values.tsx';

/** `/collector`: the newest passes, and how each source fared. */
export function CollectorPage({ runs }: { runs: readonly RunView[] }) {
  return (
    <>
      <h1>Collector</h1>
      {runs.length === 0 && <p class="note">No pass was made yet: the server makes one as soon as it starts.</p>}
      {runs.length > 0 && (
        <section class="wide" tabindex={0} aria-label="Passes">
          <table>
            <caption>The newest passes. All of them: /v1/runs, and their listings: /v1/sweeps</caption>
            <thead>
              <tr>
                {['Pass', 'Began', 'Took', 'Outcome', 'Source', 'New', 'Changed', 'Calls', 'Throttled'].map(
                  (name, n) => (
                    <th scope="col" class={n > 4 ? 'number' : undefined}>
                      {name}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {runs.flatMap((run) =>
                run.sources.length === 0
                  ? [<Line run={run} source={undefined} />]
                  : run.sources.map((source) => <Line run={run} source={source} />),
              )}
            </tbody>
          </table>
        </section>
      )}
      <Failures runs={runs} />
    </>
  );
}

function Line({ run, source }: { run: RunView; source: RunSourceView | undefined }) {
  const { startedAt, finishedAt, outcome } = source ?? run;
  const ms = finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
  return (
    <tr>
      <td>{run.id}</td>
      <td class="when">
        <Time at={startedAt} />
      </td>
      <td class="when">{durationText(ms)}</td>
      <td>
        <span class={`status status-${outcome === 'complete' ? 'good' : outcome === 'running' ? 'busy' : 'bad'}`}>
          {outcome}
        </span>
      </td>
      <td>
        <Text of={source ? `${source.alias} ${source.accountId ?? ''} ${source.region}` : null} />
      </td>
      {source ? (
        [source.rowsAdded, source.rowsChanged, source.calls, source.throttles].map((n) => (
          <td class="number">{count(n)}</td>
        ))
      ) : (
        <td colspan={4} />
      )}
    </tr>
  );
}

function Failures({ runs }: { runs: readonly RunView[] }) {
  const failed = runs.flatMap(({ id, sources }) =>
    sources.filter(({ error }) => error !== null).map((source) => ({ id, source })),
  );
  if (failed.length === 0) return null;
  return (
    <>
      <h2>What could not be collected</h2>
      <ul>
        {failed.map(({ id, source }) => (
          <li>
            Pass {id}, <Text of={source.alias} /> <Text of={source.region} />: <Text of={source.error} />
          </li>
        ))}
      </ul>
    </>
  );
}
