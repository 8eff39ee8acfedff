import type { RunSourceView, RunView } from '../../../archive/passes/list-runs.ts';
import { pathOfPass } from '../parts/values/paths.ts';
import { count, durationText, Outcome, Text, Time } from '../parts/values/values.tsx';

export interface CollectorContent {
  runs: readonly RunView[];
  /** The number of a pass: only passes before it are shown. */
  before: number | undefined;
  next: number | undefined;
  /** The id of the pass that is running now. */
  running: string | undefined;
  canStart: boolean;
}

/** `/collector`: the newest passes, and how each of their sources ended. */
export function CollectorPage({ runs, before, next, running, canStart }: CollectorContent) {
  return (
    <>
      <h1>Collector</h1>
      {running === undefined ? (
        <StartForm canStart={canStart} />
      ) : (
        <p class="note">
          A pass is running: <a href={pathOfPass(running)}>follow {running}</a>.
        </p>
      )}
      {runs.length === 0 && before === undefined && (
        <p class="note">No pass was made yet: the server makes one as soon as it starts.</p>
      )}
      {runs.length === 0 && before !== undefined && (
        <p class="note">
          No pass was made before run-{before}. <a href="/collector">The newest passes</a>
        </p>
      )}
      {runs.length > 0 && (
        <section class="wide" tabindex={0} aria-label="Passes">
          <table data-rows>
            <caption>
              Passes, the newest first. <a href="/collector/sweeps">All sweeps</a>,{' '}
              <a href="/collector/sweeps?outcome=failed">those that failed</a>
            </caption>
            <thead>
              <tr>
                {[
                  'Pass',
                  'Began',
                  'Took',
                  'Outcome',
                  'Source',
                  'Seen',
                  'New',
                  'Changed',
                  'Calls',
                  'A second',
                  'Throttled',
                ].map((name, n) => (
                  <th scope="col" class={n > 4 ? 'number' : undefined}>
                    {name}
                  </th>
                ))}
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
      {next !== undefined && (
        <p class="bar">
          <a rel="next" href={`/collector?before=${next}`}>
            Next page
          </a>
        </p>
      )}
      <Failures runs={runs} />
    </>
  );
}

function StartForm({ canStart }: { canStart: boolean }) {
  if (!canStart)
    return <p class="quiet">Passes run on a schedule. Users with the role “operator” can start one here.</p>;
  return (
    <form class="bar" method="post" action="/collector/passes">
      <button class="main narrow" type="submit">
        Start a pass
      </button>
      <span class="quiet">It lists everything that the archive does not have yet, from every source.</span>
    </form>
  );
}

/** The page that says why no pass was started. */
export function PassRefused({ sentence }: { sentence: string }) {
  return (
    <>
      <h1>Collector</h1>
      <p class="note bad" role="alert">
        {sentence}
      </p>
      <p>
        <a href="/collector">All passes</a>
      </p>
    </>
  );
}

function Line({ run, source }: { run: RunView; source: RunSourceView | undefined }) {
  const { startedAt, finishedAt, outcome } = source ?? run;
  const ms = finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
  return (
    <tr>
      <td class="when">
        <a href={pathOfPass(`run-${run.id}`)}>run-{run.id}</a>
      </td>
      <td class="when">
        <Time at={startedAt} />
      </td>
      <td class="when">{durationText(ms)}</td>
      <td>
        <Outcome outcome={outcome} />
      </td>
      <td>
        <Text of={source ? `${source.alias} ${source.accountId ?? ''} ${source.region}` : null} />
      </td>
      {source ? (
        <>
          {[source.rowsSeen, source.rowsAdded, source.rowsChanged, source.calls].map((n) => (
            <td class="number">{count(n)}</td>
          ))}
          <td class="number">{ms !== null && ms > 0 ? count(Math.round(source.rowsSeen / (ms / 1000))) : '–'}</td>
          <td class="number">{count(source.throttles)}</td>
        </>
      ) : (
        <td colspan={6} />
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
