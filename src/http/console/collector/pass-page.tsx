import type { SweepView } from '../../../archive/passes/list-runs.ts';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { COUNTER_NAMES, type CounterName } from '../../../model/coverage/counters.ts';
import type { PassSourceView, PassTrigger, PassView } from '../../../model/coverage/passes.ts';
import { count, durationText, Outcome, Text, Time } from '../parts/values/values.tsx';
import { SweepTable } from './sweep-table.tsx';

export interface PassContent {
  pass: PassView;
  sweeps: readonly SweepView[];
  hasMoreSweeps: boolean;
  nowMs: number;
}

/** The titles of the counters of a source. The stream of a pass has the same counters, under the same names. */
const TITLES: Readonly<Record<CounterName, string>> = {
  pages: 'Pages',
  calls: 'Calls',
  throttles: 'Throttled',
  faults: 'Faults',
  rowsSeen: 'Seen',
  rowsAdded: 'New',
  rowsChanged: 'Changed',
};

const TRIGGERS: Record<PassTrigger, string> = {
  ...{ schedule: 'by schedule', start: 'as the server started', api: 'on request' },
  elsewhere: 'in another process, or before this server started',
};

/** `/collector/passes/…`: one pass. While the pass runs, the page shows its progress. */
export function PassPage({ pass, sweeps, hasMoreSweeps, nowMs }: PassContent) {
  const { id, state, startedAt, finishedAt, trigger, error, sources } = pass;
  const isRunning = state === 'running';
  const ms = (finishedAt === null ? nowMs : Date.parse(finishedAt)) - Date.parse(startedAt);
  const seen = sources.reduce((sum, source) => sum + source.rowsSeen, 0);
  const calls = sources.reduce((sum, source) => sum + source.calls, 0);
  return (
    <>
      <h1>Pass {id}</h1>
      <div data-pass={state === 'running' ? id : undefined} data-started={startedAt}>
        <dl class="facts">
          <dt>State</dt>
          <dd>
            <Outcome outcome={state} />
          </dd>
          <dt>Began</dt>
          <dd>
            <Time at={startedAt} />, {TRIGGERS[trigger]}
          </dd>
          <dt>{finishedAt === null ? 'Runs since' : 'Took'}</dt>
          <dd data-took>{durationText(ms)}</dd>
          <dt>Rates</dt>
          <dd data-rates>
            {perSecond(seen, ms)} invocations and {perSecond(calls, ms)} calls a second
          </dd>
        </dl>
        {error !== null && (
          <p class="note bad">
            <Text of={error} />
          </p>
        )}
        <h2>Sources</h2>
        {sources.length === 0 && (
          <p class="quiet">{isRunning ? 'No source has begun yet.' : 'No source began in this pass.'}</p>
        )}
        <section class="wide" tabindex={0} aria-label="Sources" hidden={sources.length === 0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col">Outcome</th>
                <th scope="col">Progress</th>
                {COUNTER_NAMES.map((name) => (
                  <th scope="col" class="number">
                    {TITLES[name]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sources.map((source) => (
                <SourceRow source={source} />
              ))}
            </tbody>
          </table>
        </section>
        {state === 'running' && (
          <p class="quiet" data-live>
            This page shows the moment at which it was made: reload it for a newer one.
          </p>
        )}
      </div>
      <h2>Sweeps</h2>
      {sweeps.length === 0 ? (
        <p class="quiet">{isRunning ? 'No sweep has ended yet.' : 'The pass listed nothing: it has no sweeps.'}</p>
      ) : (
        <SweepTable sweeps={sweeps} />
      )}
      {hasMoreSweeps && pass.runId !== null && (
        <p>
          There are more: <a href={`/v1/sweeps?runId=${pass.runId}`}>all of them as JSON</a>.
        </p>
      )}
    </>
  );
}

function SourceRow({ source }: { source: PassSourceView }) {
  const { alias, accountId, region, outcome, error, partsPlanned, partsEnded } = source;
  return (
    <tr data-source={`${alias} ${region}`}>
      <th scope="row">
        <Text of={alias} /> <span class="quiet">{visibleText(accountId ?? '')}</span> <Text of={region} />
      </th>
      <td data-member="outcome">
        <Outcome outcome={outcome} />
        {error !== null && (
          <div>
            <Text of={error} />
          </div>
        )}
      </td>
      <td class="when">
        {outcome === 'running' ? (
          <>
            <progress
              value={partsEnded}
              max={Math.max(1, partsPlanned)}
              aria-label={visibleText(`Progress of ${alias} ${region}`)}
            />{' '}
            <span data-member="parts">
              {partsEnded} of {partsPlanned} parts
            </span>
          </>
        ) : (
          '–'
        )}
      </td>
      {COUNTER_NAMES.map((name) => (
        <td class="number" data-member={name}>
          {count(source[name])}
        </td>
      ))}
    </tr>
  );
}

function perSecond(n: number, ms: number): string {
  return ms <= 0 ? '–' : (n / (ms / 1000)).toFixed(1);
}
