import { countFinal } from '../../archive/looks/final-invocations.ts';
import { type LookState, readLookState, saveLookState } from '../../archive/looks/look-state.ts';
import { LOOK_FROM_MS, LOOK_UNTIL_MS } from '../../archive/looks/look-window.ts';
import { dropOwedBefore } from '../../archive/looks/owed-looks.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { SourcePass } from '../source-pass.ts';
import { lookAtOwed, planOwed } from './look-at-owed.ts';
import { lookOnward, planOnward } from './look-onward.ts';
import type { Looking } from './looking.ts';

/** How many rows a reply has at most, by AWS's own limit. */
const REPLY_ROWS = 50;
const LONGEST_INTERVAL_MS = 28 * DAY_MS;

export interface LookOptions {
  /** How many calls may be made at most. */
  mostCalls: number;
  /** The pass's start, on the earlier of this machine's and the service's clocks, and on the later one. */
  earliestNowMs: number;
  latestNowMs: number;
}

/**
 * Looks once more at final invocations, first at those whose last look is the oldest. No other listing would show that
 * the service changed a final state days later.
 *
 * It makes as many calls as are needed to look at each invocation between its first and its 29th day: at least one if
 * there is anything to look at, and never more than `mostCalls`; see docs/decisions/0034. Invocations that those calls
 * leave out are counted. Returns a sentence for each look that failed.
 */
export async function lookAgain(deps: SourcePass, options: LookOptions): Promise<string[]> {
  const { db, source } = deps;
  const { tally } = deps.progress;
  const { earliestNowMs, latestNowMs: nowMs, mostCalls } = options;
  // AWS compares times as whole seconds.
  const whole = (ms: number) => Math.floor(ms / SECOND_MS) * SECOND_MS;
  const window: Span = { from: whole(nowMs - LOOK_UNTIL_MS), to: whole(earliestNowMs - LOOK_FROM_MS) };
  const before = readLookState(db.sqlite, source);
  if (!before) {
    const state = { lookedToMs: window.from, nextFromMs: window.from, rowsACall: REPLY_ROWS, leftOut: 0 };
    saveLookState(db.sqlite, source, { ...state, lookedAtMs: nowMs });
    return [];
  }
  const state = leaveOut(deps, before, window, nowMs);
  const errors: string[] = [];
  const callsBefore = tally.calls;
  const intervalMs = Math.min(Math.max(nowMs - before.lookedAtMs, MINUTE_MS), LONGEST_INTERVAL_MS);
  const callsLeft = () => mostCalls - (tally.calls - callsBefore);
  const looking: Looking = { deps, window, nowMs, intervalMs, mostCalls, callsLeft, errors };
  if (mostCalls === 0) return [];
  const owed = planOwed(looking, state);
  const onward = planOnward(looking, state);
  // Each of the two kinds of look keeps at least its minimum of calls.
  const besides = Math.max(mostCalls - onward.dueCalls, Math.floor(mostCalls / 2), 1);
  await lookAtOwed(looking, owed, Math.min(owed.calls, besides));
  await lookOnward(looking, onward);
  return errors;
}

/**
 * Counts as left out the invocations that have reached their 29th day without a look, so that they never count as
 * looked at.
 */
function leaveOut({ db, source }: SourcePass, before: LookState, window: Span, nowMs: number): LookState {
  return db.sqlite
    .transaction((): LookState => {
      const passed = { from: before.lookedToMs, to: window.from };
      const late = passed.from < passed.to ? countFinal(db.sqlite, source, passed) : 0;
      const state: LookState = {
        lookedToMs: Math.max(before.lookedToMs, window.from),
        nextFromMs: Math.max(before.nextFromMs, window.from),
        rowsACall: before.rowsACall,
        leftOut: before.leftOut + late + dropOwedBefore(db.sqlite, source, window.from),
        lookedAtMs: nowMs,
      };
      saveLookState(db.sqlite, source, state);
      return state;
    })
    .immediate();
}
