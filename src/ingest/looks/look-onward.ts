import {
  countDays,
  countRequested,
  type FinalInvocation,
  listFinal,
  requestTimesOf,
} from '../../archive/looks/final-invocations.ts';
import { type LookState, readLookState, saveLookState } from '../../archive/looks/look-state.ts';
import { oweLooks, settleOwed } from '../../archive/looks/owed-looks.ts';
import { DAY_MS, SECOND_MS } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';
import { newListing } from '../plan/listing.ts';
import { LOOK, type Looking } from './looking.ts';
import { callsForDays } from './plan-looks.ts';
import { type Look, takeLook } from './take-look.ts';

const REPLY_ROWS = 50;
/** A listing asks for one second more on each side, so its reply also has the rows of those seconds. */
const BESIDE_ROWS = 5;

/** Where looks continue, and how many calls this pass makes for them. */
export interface OnwardPlan {
  calls: number;
  /** How many of these calls are for invocations that were never looked at. */
  dueCalls: number;
  state: LookState;
}

/**
 * Plans at least one call, from where the last look ended; after the newest invocation, looks begin again at the
 * oldest. If invocations that were never looked at need more than one call, they come first.
 */
export function planOnward(looking: Looking, state: LookState): OnwardPlan {
  const { deps, window, mostCalls } = looking;
  const { db, source } = deps;
  const due: Span = { from: state.lookedToMs, to: Math.max(window.to, state.lookedToMs) };
  const times = requestTimesOf(db.sqlite, source, due, state.rowsACall + 1);
  const least = { calls: 1, dueCalls: Math.min(times.length, 1), state };
  if (times.length <= state.rowsACall) return least;
  const needed = callsForDays(daysOf(looking, due), { ...looking, rowsACall: state.rowsACall });
  if (needed <= 1) return least;
  const calls = Math.min(Math.ceil(needed), mostCalls);
  return { calls, dueCalls: calls, state: { ...state, nextFromMs: state.lookedToMs } };
}

/** Returns the number of invocations of each day. Of the first and the last day, only the part that is due counts. */
function daysOf({ deps }: Looking, due: Span): { endMs: number; count: number }[] {
  return [...countDays(deps.db.sqlite, deps.source, due)].sort().map(([day, count]) => {
    const startMs = Date.parse(`${day}T00:00:00.000Z`);
    const endMs = Math.min(startMs + DAY_MS, due.to);
    const share = (endMs - Math.max(startMs, due.from)) / DAY_MS;
    return { endMs, count: count * Math.min(Math.max(share, 0), 1) };
  });
}

/**
 * Looks at slices of time, of about a reply each. A slice counts as looked at only once its listing has come to its
 * end.
 */
export async function lookOnward(looking: Looking, plan: OnwardPlan): Promise<void> {
  const { deps, window, callsLeft, mostCalls } = looking;
  const { db, source } = deps;
  // lookAtOwed may have stored a higher `leftOut` since the plan was made.
  const stored = readLookState(db.sqlite, source) ?? plan.state;
  let state: LookState = { ...plan.state, leftOut: stored.leftOut };
  let slices = 0;
  let hasTurned = false;
  while (slices < plan.calls && callsLeft() > 0) {
    const slice = sliceFrom(looking, state);
    if (!slice) {
      // No invocation is left to look at, up to the newest one.
      state = { ...state, lookedToMs: Math.max(state.lookedToMs, window.to), nextFromMs: window.from };
      saveLookState(db.sqlite, source, state);
      if (hasTurned || slices > 0) return;
      hasTurned = true;
      continue;
    }
    if (slice.replies > mostCalls) {
      // One second needs more replies than a pass may ask for, so each of its invocations is owed a look of its own.
      state = pass(looking, state, slice.span, undefined);
      continue;
    }
    // If a slice needs more calls than this pass may make, only one pass in several takes it; over all passes the
    // number of calls stays the same.
    const isForLater = slice.replies > plan.calls && deps.runId % Math.ceil(slice.replies / plan.calls) !== 0;
    if (isForLater || slice.replies > callsLeft()) return;
    const { span } = slice;
    const look = await takeLook(
      looking,
      newListing({ ...LOOK, operation: 'ListCommandInvocations', span, isStartOpen: false, isEndOpen: false }),
    );
    slices += Math.max(look.replies, 1);
    if (!look.isWhole) {
      saveLookState(db.sqlite, source, { ...state, rowsACall: Math.max(1, Math.floor(state.rowsACall / 2)) });
      return;
    }
    state = pass(looking, { ...state, rowsACall: rowsACallAfter(state, look) }, span, look);
  }
}

/**
 * Returns a span of whole seconds from the first invocation to look at, with as many invocations as fit in a reply;
 * undefined if there is none.
 */
function sliceFrom(
  { deps, window }: Looking,
  { nextFromMs, rowsACall }: LookState,
): { span: Span; replies: number } | undefined {
  const rest: Span = { from: nextFromMs, to: window.to };
  const most = Math.max(1, rowsACall - BESIDE_ROWS);
  const times = requestTimesOf(deps.db.sqlite, deps.source, rest, most + 1);
  const [first] = times;
  if (first === undefined) return undefined;
  const from = Math.max(secondOf(first), nextFromMs);
  const beyond = times[most];
  if (beyond === undefined) return { span: { from, to: window.to }, replies: 1 };
  if (secondOf(beyond) > from) return { span: { from, to: secondOf(beyond) }, replies: 1 };
  // One second has more invocations than fit in a reply.
  const span = { from, to: Math.min(secondOf(from) + SECOND_MS, window.to) };
  return { span, replies: Math.ceil(countRequested(deps.db.sqlite, deps.source, span) / rowsACall) };
}

/** Notes the slice as looked at. An invocation that the listing did not show is owed a look of its own. */
function pass({ deps }: Looking, before: LookState, span: Span, look: Look | undefined): LookState {
  const { db, source } = deps;
  const { lookedToMs } = before;
  return db.sqlite
    .transaction((): LookState => {
      const isShown = ({ commandId, instanceId }: FinalInvocation) => look?.shown.has(`${commandId} ${instanceId}`);
      const final = listFinal(db.sqlite, source, span);
      oweLooks(
        db.sqlite,
        source,
        // Any earlier invocation was looked at before, or is already owed a look.
        final.filter((one) => !isShown(one) && Date.parse(one.requestedAt) >= lookedToMs),
      );
      settleOwed(
        db.sqlite,
        final.filter(isShown).map(({ id }) => id),
      );
      const state: LookState = {
        ...before,
        nextFromMs: span.to,
        lookedToMs: Math.max(lookedToMs, span.to),
      };
      saveLookState(db.sqlite, source, state);
      return state;
    })
    .immediate();
}

/** Adapts the number of rows for a call to the service's replies, which may be short or empty. */
function rowsACallAfter({ rowsACall }: LookState, { shown, replies }: Look): number {
  if (replies <= 1) return Math.min(REPLY_ROWS, rowsACall + BESIDE_ROWS);
  return Math.max(1, Math.min(REPLY_ROWS, Math.floor(shown.size / replies)));
}

function secondOf(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
