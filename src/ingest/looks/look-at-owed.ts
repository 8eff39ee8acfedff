import { type LookState, readLookState, saveLookState } from '../../archive/looks/look-state.ts';
import { listOwed, type OwedLook, settleOwed } from '../../archive/looks/owed-looks.ts';
import { DAY_MS } from '../../lib/time.ts';
import { type Listing, newListing } from '../plan/listing.ts';
import { LOOK, type Looking } from './looking.ts';
import { shareOf } from './plan-looks.ts';
import { takeLook } from './take-look.ts';

/** A pass reads at most this many owed looks, the oldest first; later passes read the others. */
const MOST_AT_HAND = 1000;

/**
 * Looks that are owed to single invocations, with the listings that make them, and how many calls this pass makes for
 * them.
 */
export interface OwedPlan {
  calls: number;
  looks: { of: OwedLook[]; listing: Listing; replies: number }[];
}

/**
 * Plans owed looks by command or by its nodes, whichever takes fewer calls. A listing by time might miss the
 * invocations, because the service may compare the command's time instead of theirs.
 */
export function planOwed(looking: Looking, state: LookState): OwedPlan {
  const { deps, nowMs, mostCalls } = looking;
  const byCommand = new Map<string, OwedLook[]>();
  for (const owed of listOwed(deps.db.sqlite, deps.source, MOST_AT_HAND))
    byCommand.set(owed.commandId, [...(byCommand.get(owed.commandId) ?? []), owed]);
  const looks = [...byCommand.values()].flatMap((of) => {
    const replies = Math.ceil((of[0]?.knownInvocations ?? 1) / state.rowsACall);
    if (replies <= of.length && replies <= mostCalls) return [{ of, listing: listingOf(of, nowMs), replies }];
    return of.map((one) => ({
      of: [one],
      listing: { ...listingOf([one], nowMs), instanceId: one.instanceId },
      replies: 1,
    }));
  });
  let calls = 0;
  let needed = 0;
  for (const { of, replies } of looks) {
    calls += replies;
    needed = Math.max(needed, shareOf(calls, Date.parse(of[0]?.requestedAt ?? ''), looking));
  }
  return { calls: Math.min(Math.ceil(needed), mostCalls), looks };
}

function listingOf([first]: readonly OwedLook[], nowMs: number): Listing {
  const from = Date.parse(first?.requestedAt ?? '') - DAY_MS;
  return newListing({
    ...LOOK,
    operation: 'ListCommandInvocations',
    span: { from, to: nowMs },
    isStartOpen: true,
    isEndOpen: true,
    ...(first && { commandId: first.commandId }),
  });
}

/**
 * If a listing that came to its end does not show an invocation, that invocation is not looked at again and counts as
 * left out. A listing that did not come to its end decides nothing about its invocations.
 */
export async function lookAtOwed(looking: Looking, { looks }: OwedPlan, calls: number): Promise<void> {
  const { deps, callsLeft } = looking;
  let spent = 0;
  for (const { of, listing, replies } of looks) {
    // The first look is made even if it needs more than `calls`: a command of many replies would never be looked at
    // otherwise.
    if (spent > 0 && spent + replies > calls) break;
    if (calls === 0 || replies > callsLeft()) break;
    spent += replies;
    const look = await takeLook(looking, listing);
    if (!look.isWhole) return;
    const gone = of.filter(({ commandId, instanceId }) => !look.shown.has(`${commandId} ${instanceId}`));
    deps.db.sqlite
      .transaction(() => {
        settleOwed(
          deps.db.sqlite,
          of.map(({ id }) => id),
        );
        const state = readLookState(deps.db.sqlite, deps.source);
        if (state && gone.length > 0)
          saveLookState(deps.db.sqlite, deps.source, { ...state, leftOut: state.leftOut + gone.length });
      })
      .immediate();
  }
}
