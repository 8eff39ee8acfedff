import type { SpanCoverage, SpanGap } from '../../../../archive/coverage/coverage-of-span.ts';
import { count, Text } from '../values/values.tsx';
import { minuteBefore, pathOfCoverage, spanToMinute } from './path-of-coverage.ts';
import type { Covered } from './read-covered.ts';

/** A line names at most this many gaps. */
const MOST_NAMED = 3;

/**
 * One line that says how much of a page's span is covered. It is shown beside a list, a chart or an empty answer, so
 * that nobody thinks that nothing happened in time that was not collected. Its times are UTC, like the times in fields.
 */
export function CoveredLine({ covered: { asked, coverage } }: { covered: Covered }) {
  const link = <a href={pathOfCoverage(asked)}>{coverage?.state === 'complete' ? 'Coverage' : 'Coverage, and why'}</a>;
  if (!coverage)
    return (
      <p class="covered quiet">Finding out how much of this span is collected takes too long for this page. {link}</p>
    );
  const { state, from, to } = coverage;
  const isBounded = asked.from !== undefined;
  if (state === 'complete' && from !== null && to !== null)
    return (
      <p class="covered quiet">
        Covered: all of {spanToMinute({ from, to }, 'within')}.
        {!isBounded && ' Before that, invocations may be missing.'} {link}
      </p>
    );
  if (isOnlyOpen(coverage)) {
    const [open] = coverage.gaps;
    return (
      <p class="covered quiet">
        Covered: all up to {minuteBefore(open?.from ?? '')}; what comes after is not over, or not listed yet. {link}
      </p>
    );
  }
  return (
    <p class="covered note">
      <span class="hatched sample" aria-hidden="true" />{' '}
      {state === 'notCollected' ? <Nothing {...coverage} /> : <NotAll {...coverage} />} {link}
    </p>
  );
}

/** Whether all time that is missing is so new that no pass could have listed it yet. */
function isOnlyOpen({ state, gaps, gapCount, edgeCount, forgottenCommands, missingSources }: SpanCoverage): boolean {
  const isAllOpen = gapCount === gaps.length && gaps.every(({ isOpen }) => isOpen);
  return state === 'incomplete' && isAllOpen && edgeCount === 0 && forgottenCommands === 0 && missingSources === 0;
}

function Nothing({ from, to, gaps, gapCount }: SpanCoverage) {
  if (to === null) return <>Not collected: nothing was collected yet.</>;
  if (from === null) return <>Not collected: nothing of what was requested before {minuteBefore(to)}.</>;
  const isFuture = gaps.length > 0 && gaps.every(({ isOpen }) => isOpen);
  return (
    <>
      Not collected: nothing of {spanToMinute({ from, to }, 'around')}
      {isFuture ? ', which is not over, or not listed yet' : <Places gaps={gaps} more={gapCount - gaps.length} />}.
    </>
  );
}

function NotAll(coverage: SpanCoverage) {
  const { from, to, gaps, gapCount, edges, edgeCount, forgottenCommands, coveredPart } = coverage;
  const missed = joined(gaps.filter(({ isOpen }) => !isOpen));
  const open = gaps.find(({ isOpen }) => isOpen);
  // Gaps that the coverage counts but does not list are shown as not collected.
  const moreMissed = gapCount - gaps.length + Math.max(0, missed.length - MOST_NAMED);
  return (
    <>
      {missed.length > 0 && (
        <>
          Not collected: <Named spans={missed} more={moreMissed} />.{' '}
        </>
      )}
      {edgeCount > 0 && (
        <>
          Later invocations of earlier commands may be missing:{' '}
          <Named spans={edges} more={edgeCount - Math.min(edges.length, MOST_NAMED)} />.{' '}
        </>
      )}
      {forgottenCommands > 0 &&
        `${forgottenCommands === 1 ? '1 command was' : `${count(forgottenCommands)} commands were`} forgotten by the service before the archive saw the end. `}
      {open && <>Not over, or not listed yet: from {minuteBefore(open.from)} on. </>}
      {from !== null && to !== null && (
        <>
          {percent(coveredPart)} of {spanToMinute({ from, to }, 'around')} is covered.
        </>
      )}
    </>
  );
}

type Spot = Pick<SpanGap, 'alias' | 'accountId' | 'region' | 'from' | 'to'>;

function Named({ spans, more }: { spans: readonly Spot[]; more: number }) {
  return (
    <>
      {spans.slice(0, MOST_NAMED).map((spot, n) => (
        <>
          {n > 0 && ', '}
          {spanToMinute(spot, 'around')} in <Text of={placeName(spot)} />
        </>
      ))}
      {more > 0 && ` and ${count(more)} more`}
    </>
  );
}

function Places({ gaps, more }: { gaps: readonly SpanGap[]; more: number }) {
  const names = [...new Set(gaps.map(placeName))];
  const left = names.length - MOST_NAMED;
  return (
    <>
      {' '}
      in <Text of={names.slice(0, MOST_NAMED).join(', ')} />
      {(left > 0 || more > 0) && ' and others'}
    </>
  );
}

function placeName({ alias, accountId, region }: Pick<SpanGap, 'alias' | 'accountId' | 'region'>): string {
  const known = [alias, accountId, region].filter((part) => part !== undefined && part !== null).join(' ');
  return known || 'any account and region that you asked for';
}

/** The covered share. It is never rounded to 100 % if the span is incomplete, nor to 0 % if a part is covered. */
function percent(part: number): string {
  if (part === 0) return 'Nothing';
  if (part < 0.01) return 'Less than 1 %';
  return `${Math.min(99, Math.floor(part * 100))} %`;
}

/** Joins spans of the same account and region if one begins where the other ends. */
function joined(gaps: readonly SpanGap[]): Spot[] {
  const spots: Spot[] = [];
  for (const gap of gaps) {
    const n = spots.findIndex((spot) => spot.to === gap.from && placeName(spot) === placeName(gap));
    const before = spots[n];
    if (before) spots[n] = { ...before, to: gap.to };
    else spots.push(gap);
  }
  return spots;
}
