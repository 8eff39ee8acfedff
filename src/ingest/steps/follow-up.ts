import { listCommandsToFollow, noteListed } from '../../archive/record/unfinished-commands.ts';
import { isoFromMs } from '../../lib/time.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import { collectListings } from '../collect-listings.ts';
import { type FollowUp, planFollowUp } from '../plan/plan-follow-up.ts';
import { followWholes, isListed, type Whole } from '../plan/whole.ts';
import { type SourcePass, timesOf } from '../source-pass.ts';

interface FollowedUp {
  /** The ids of the commands that were planned, and the ids of the commands that were listed. */
  followed: ReadonlySet<string>;
  errors: readonly string[];
}

/** Lists the unfinished commands, except those that this pass has followed already, and records the result for each. */
export async function followUp(
  pass: SourcePass,
  { knowsExecuting, followed }: { knowsExecuting: boolean; followed: ReadonlySet<string> },
): Promise<FollowedUp> {
  const nowMs = timesOf(pass).latestNowMs;
  const unfinished = listCommandsToFollow(pass.db.sqlite, pass.source).filter(
    ({ commandId }) => !followed.has(commandId),
  );
  const plans = new Map(
    unfinished.map((command) => [command.commandId, planFollowUp(command, nowMs, knowsExecuting)] as const),
  );
  const listings = [...plans.values()].flatMap((plan) => plan.listings);
  const wholeAfter = followWholes(listings);
  const errors: string[] = [];
  pass.progress.planned(listings.length);
  for await (const event of collectListings(pass, listings)) {
    const whole = wholeAfter(event);
    if (event.kind !== 'ended') continue;
    pass.progress.partEnded(event.end);
    if (event.sentence !== undefined) errors.push(event.sentence);
    const plan = plans.get(event.listing.whole);
    if (plan && isListed(whole)) noteFollowed(pass, plan, whole, nowMs);
  }
  return { followed: new Set([...followed, ...plans.keys()]), errors };
}

/**
 * A listing of some nodes says nothing about the whole command, unless it shows no node at all: then the service has
 * forgotten an old command.
 */
function noteFollowed(pass: SourcePass, { command, isWhole }: FollowUp, { rowsSeen }: Whole, nowMs: number): void {
  const isOld = command.requestedAt !== null && nowMs - Date.parse(command.requestedAt) > RETENTION_MS;
  const isForgotten = rowsSeen === 0 && isOld;
  if (isWhole || isForgotten)
    noteListed(pass.db.sqlite, pass.source, command, { at: isoFromMs(pass.now().getTime()), isForgotten });
}
