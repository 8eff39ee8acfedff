import { readUnfinishedCommands } from '../../archive/record/command-listings.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import { collectListings } from '../collect-listings.ts';
import { commandListing } from '../plan/plan-pass.ts';
import { type SourcePass, timesOf } from '../source-pass.ts';

/**
 * Lists commands that have ended since they were last seen and were sent too long ago to appear in another listing by
 * time. Commands in `seen` were already shown by this pass. Returns a sentence for each listing that failed.
 */
export async function listUnfinishedCommands(pass: SourcePass, seen: ReadonlySet<string>): Promise<readonly string[]> {
  const nowMs = timesOf(pass).latestNowMs;
  const listings = readUnfinishedCommands(pass.db.sqlite, pass.source, nowMs - RETENTION_MS)
    .filter(({ commandId }) => !seen.has(commandId))
    .map(({ commandId, requestedAt }) => commandListing(commandId, Date.parse(requestedAt), nowMs));
  const errors: string[] = [];
  pass.progress.planned(listings.length);
  for await (const event of collectListings(pass, listings)) {
    if (event.kind !== 'ended') continue;
    pass.progress.partEnded(event.end);
    if (event.sentence !== undefined) errors.push(event.sentence);
  }
  return errors;
}
