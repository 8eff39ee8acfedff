import type { SourceCoverage } from '../../../archive/read-coverage.ts';
import { dayAfter } from '../parts/buckets.ts';
import { pathOfView } from '../parts/read-view.ts';
import { Time } from '../parts/values.tsx';

export interface CoverageContent {
  places: readonly SourceCoverage[];
  days: readonly string[];
  /** Up to when a time can be covered by now. ISO 8601. */
  settledAt: string;
}

type DayState = 'complete' | 'partial' | 'gap' | 'open';
const SAYS: Record<DayState, string> = {
  complete: 'complete',
  partial: 'partly collected',
  gap: 'not collected',
  open: 'not over yet',
};

/** `/coverage`: which days of each account and region are collected completely. */
export function CoveragePage({ places, days, settledAt }: CoverageContent) {
  return (
    <>
      <h1>Coverage</h1>
      <p class="quiet">
        A day is complete when all of its time was listed to the end, and proves that nothing is missing of what was
        requested in it. Each day leads to the sweeps that listed it.
      </p>
      {places.length === 0 && <p class="note">Nothing was collected yet.</p>}
      {places.map((place) => (
        <Place place={place} days={days} settledAt={settledAt} />
      ))}
    </>
  );
}

function Place({ place, days, settledAt }: { place: SourceCoverage; days: readonly string[]; settledAt: string }) {
  const { accountId, region, isComplete, gaps, forgottenCommands, unfinishedCommands } = place;
  const certificate = `/v1/coverage/certificate?account=${accountId}&region=${encodeURIComponent(region)}&format=note`;
  return (
    <section>
      <h2>
        {accountId} {region}
      </h2>
      <p class={`note ${isComplete ? 'good' : 'bad'}`}>
        {isComplete ? 'Complete' : 'Not complete'}
        {unfinishedCommands > 0 && `; ${unfinishedCommands} commands have not ended`}.{' '}
        <a href={certificate}>A signed certificate</a>,{' '}
        <a href={pathOfView({ account: accountId, region })}>its invocations</a>
      </p>
      <ol class="days">
        {daysOf(place, days).map((day) => {
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
      {gaps.length > 0 && (
        <ul>
          {gaps.map((gap) => (
            <li>
              <Time at={gap.from} /> to <Time at={gap.to} />: {gap.cause}
            </li>
          ))}
        </ul>
      )}
      {forgottenCommands.length > 0 && (
        <p>{forgottenCommands.length} commands were forgotten by the service before their end was seen.</p>
      )}
    </section>
  );
}

/** Before the first that was collected there was no archive. */
function daysOf({ covered }: SourceCoverage, days: readonly string[]): readonly string[] {
  const first = covered[0]?.from.slice(0, 10);
  return first === undefined ? days : days.filter((day) => day >= first);
}

function stateOf({ covered }: SourceCoverage, day: string, settledAt: string): DayState {
  const from = `${day}T00:00:00.000Z`;
  const to = `${dayAfter(day)}T00:00:00.000Z`;
  const within = covered.filter((span) => span.from < to && span.to > from);
  if (within.some((span) => span.from <= from && span.to >= to)) return 'complete';
  if (to > settledAt) return 'open';
  return within.length > 0 ? 'partial' : 'gap';
}
