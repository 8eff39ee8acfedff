import type { Database } from 'better-sqlite3';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { readFloor } from '../sealed/read-floor.ts';
import type { PruneSelection } from './prunable.ts';

/**
 * Returns the day before which everything stays that a selection asks for, because the days before are sealed: nothing
 * is removed from the lake yet. Null if the selection asks for no sealed day.
 */
export function sealedBefore(sqlite: Database, { requestedAfter = '' }: PruneSelection): string | null {
  const floor = readFloor(sqlite);
  return floor !== undefined && requestedAfter < floor ? floor : null;
}

/** Throws UserFault if a selection asks for sealed days alone, of which nothing would be removed. */
export function refuseSealed(sqlite: Database, selection: PruneSelection): void {
  const floor = sealedBefore(sqlite, selection);
  const { requestedBefore } = selection;
  if (floor === null || requestedBefore === undefined || requestedBefore > `${floor}T00:00:00.000Z`) return;
  throw new UserFault(
    `All that was asked for is before ${floor}, and the days before ${floor} are sealed. Nothing is removed from sealed days yet, and nothing was removed.`,
  );
}
