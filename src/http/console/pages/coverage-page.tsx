import type { PlaceCoverage, SourceCoverage } from '../../../archive/read-coverage.ts';
import type { SoonForgotten } from '../../../archive/soon-forgotten.ts';
import { uncoveredSpans } from '../../../lib/spans.ts';
import { AboutToBeLost } from '../parts/about-to-be-lost.tsx';
import { dayAfter } from '../parts/buckets.ts';
import { CoverageEdges } from '../parts/coverage-edges.tsx';
import { MissingSource } from '../parts/missing-source.tsx';
import { RangeForm } from '../parts/range-form.tsx';
import type { Range } from '../parts/read-range.ts';
import { pathOfView } from '../parts/read-view.ts';
import { Text, Time } from '../parts/values.tsx';

export interface CoverageContent {
  nowMs: number;
  range: Range;
  places: readonly SourceCoverage[];
  soon: readonly SoonForgotten[];
  days: readonly string[];
  /** Up to when a time can be covered by now. ISO 8601. */
  settledAt: string;
}

type DayState = 'complete' | 'edge' | 'partial' | 'gap' | 'open';
const SAYS: Record<DayState, string> = {
  complete: 'complete',
  edge: 'collected, but earlier commands may have later invocations',
  partial: 'partly collected',
  gap: 'not collected',
  open: 'not over yet',
};

/** `/coverage`: which days of each account and region are collected completely. */
export function CoveragePage({ nowMs, range, places, soon, days, settledAt }: CoverageContent) {
  return (
    <>
      <h1>Coverage</h1>
      <p class="quiet">
        A day is complete when all of its time was listed to the end, and proves that nothing is missing of what was
        requested in it. Where collecting began, or began again after a gap, it may lack later invocations of commands
        that were sent before. Each day leads to the sweeps that listed it.
      </p>
      <RangeForm range={range} path="/coverage" nowMs={nowMs} />
      {places.every(({ covered }) => covered.length === 0) && <p class="note">Nothing was collected yet.</p>}
      {places.length > 0 && <AboutToBeLost soon={soon} />}
      {places.map((place) =>
        place.alias === undefined ? (
          <Place place={place} days={days} settledAt={settledAt} />
        ) : (
          <MissingSource source={place} />
        ),
      )}
    </>
  );
}

function Place({ place, days, settledAt }: { place: PlaceCoverage; days: readonly string[]; settledAt: string }) {
  const { accountId, region, isComplete, span, gaps, forgottenCommands, unfinishedCommands } = place;
  const certificate = `/v1/coverage/certificate?account=${encodeURIComponent(accountId)}&region=${encodeURIComponent(region)}&format=note`;
  return (
    <section>
      <h2>
        <Text of={accountId} /> <Text of={region} />
      </h2>
      <p class={`note ${isComplete ? 'good' : 'bad'}`}>
        {isComplete ? (
          <>
            Complete from <Time at={span.from} /> to <Time at={span.to} />
          </>
        ) : (
          'Not complete'
        )}
        {unfinishedCommands > 0 &&
          `; ${unfinishedCommands === 1 ? '1 command has' : `${unfinishedCommands} commands have`} not ended`}
        . <a href={certificate}>A signed certificate</a>,{' '}
        <a href={pathOfView({ account: accountId, region })}>its invocations</a>
      </p>
      {byMonth(daysOf(place, days)).map(([month, own]) => (
        <div class="month">
          <span class="quiet">{month}</span>
          <ol class="days" aria-label={month}>
            {own.map((day) => {
              const state = stateOf(place, day, settledAt);
              const href = `/collector/sweeps?${new URLSearchParams({ account: accountId, region, day })}`;
              return (
                <li>
                  <a class={state} href={href} title={`${day}: ${SAYS[state]}`} aria-label={`${day}: ${SAYS[state]}`}>
                    {day.slice(8)}
                  </a>
                </li>
              );
            })}
          </ol>
        </div>
      ))}
      <p class="bar quiet" aria-hidden="true">
        {(['complete', 'edge', 'partial', 'gap', 'open'] as const).map((state) => (
          <span class="days">
            <span class={`sample ${state}`} /> {SAYS[state]}
          </span>
        ))}
      </p>
      <CoverageEdges place={place} />
      {gaps.length > 0 && (
        <ul>
          {gaps.map((gap) => (
            <li>
              <Time at={gap.from} /> to <Time at={gap.to} />: <Text of={gap.cause} />
            </li>
          ))}
        </ul>
      )}
      {forgottenCommands.length > 0 && (
        <p>
          {forgottenCommands.length === 1 ? '1 command was' : `${forgottenCommands.length} commands were`} forgotten by
          the service before the end was seen.
        </p>
      )}
    </section>
  );
}

function byMonth(days: readonly string[]): [month: string, days: string[]][] {
  const months = new Map<string, string[]>();
  for (const day of days) {
    const own = months.get(day.slice(0, 7)) ?? [];
    own.push(day);
    months.set(day.slice(0, 7), own);
  }
  return [...months];
}

/** Before the first that was collected, or is owed, there was no archive. */
function daysOf({ covered, edges, gaps }: PlaceCoverage, days: readonly string[]): readonly string[] {
  const first = [...edges, ...covered, ...gaps.slice(0, 1)].map(({ from }) => from.slice(0, 10)).sort()[0];
  return first === undefined ? days : days.filter((day) => day >= first);
}

function stateOf({ covered, edges }: PlaceCoverage, day: string, settledAt: string): DayState {
  const from = Date.parse(`${day}T00:00:00.000Z`);
  const to = Date.parse(`${dayAfter(day)}T00:00:00.000Z`);
  const missingOf = (spans: readonly { from: string; to: string }[]) =>
    uncoveredSpans(
      { from, to },
      spans.map((span) => ({ from: Date.parse(span.from), to: Date.parse(span.to) })),
    );
  if (missingOf(covered).length === 0) return 'complete';
  const missing = missingOf([...covered, ...edges]);
  if (missing.length === 0) return 'edge';
  if (to > Date.parse(settledAt)) return 'open';
  const isNothing = missing.length === 1 && missing[0]?.from === from && missing[0].to === to;
  return isNothing ? 'gap' : 'partial';
}
