import type { CommandToFollow } from '../../archive/record/unfinished-commands.ts';
import { DAY_MS, HOUR_MS } from '../../lib/time.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import { type Listing, newListing } from './listing.ts';

const REPLY_ITEMS = 50;
const WHOLE_EVERY_MS = HOUR_MS;

/**
 * The listings of one command, which succeed or fail together under its id. `isWhole` says whether they list all of the
 * command.
 */
export interface FollowUp {
  command: CommandToFollow;
  isWhole: boolean;
  listings: Listing[];
}

/**
 * Plans how to learn a command's present state, in as few calls as is safe. The whole command is listed when it has
 * become final since the last listing, when its counts have changed, and at least hourly while it executes. In between,
 * only its unfinished nodes are listed: one by one or all together, whichever is cheaper. `knowsExecuting` is false if
 * the service can't say which commands execute: then each command is listed completely.
 */
export function planFollowUp(command: CommandToFollow, nowMs: number, knowsExecuting: boolean): FollowUp {
  const { isExecuting, isRemembered, listedAt, countsJson, listedCountsJson } = command;
  const nodes = command.unfinishedInstanceIds;
  const isFinal = isRemembered && !isExecuting;
  const isDue = listedAt === null || countsJson !== listedCountsJson || nowMs - Date.parse(listedAt) > WHOLE_EVERY_MS;
  const replies = Math.ceil(command.knownInvocations / REPLY_ITEMS);
  if (!knowsExecuting || isFinal || (isExecuting && isDue) || nodes.length >= replies) {
    const isNeeded = !knowsExecuting || isFinal || isDue || nodes.length > 0;
    return { command, isWhole: true, listings: isNeeded ? [commandListing(command, nowMs)] : [] };
  }
  const listings = nodes.map((instanceId) => ({ ...commandListing(command, nowMs), instanceId }));
  return { command, isWhole: false, listings };
}

/** Both ends are open: the request names times only once the listing has to be cut. */
function commandListing({ commandId, requestedAt }: CommandToFollow, nowMs: number): Listing {
  const requestedMs = requestedAt === null ? Number.NaN : Date.parse(requestedAt);
  const from = Number.isNaN(requestedMs) ? nowMs - RETENTION_MS : Math.min(requestedMs, nowMs) - DAY_MS;
  return newListing({
    whole: commandId,
    operation: 'ListCommandInvocations',
    span: { from, to: nowMs },
    isStartOpen: true,
    isEndOpen: true,
    commandId,
  });
}
