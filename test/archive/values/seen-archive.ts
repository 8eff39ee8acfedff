import type { PruneKind, PruneSelection } from '../../../src/archive/prune/prunable.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import type { Configured } from '../../../src/archive/values/open-filter.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import type { SourceKey } from '../../../src/model/observed-invocation.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { type Members, OBSERVED_AT, page, rawInvocation, SOURCE } from '../raw-invocation.ts';

export const NOTHING: Configured = { accounts: [], regions: [] };
/** A time at which the service has forgotten everything in these archives, so everything may be pruned. */
export const LATER = new Date('2026-12-01T00:00:00.000Z');

/** An archive with these invocations of one source. */
export function archiveWith(raws: readonly Members[]): ArchiveDb {
  const db = tempArchive();
  bringIntoLedger(db.sqlite);
  show(db, raws);
  return db;
}

/** Records these invocations as the service shows them at this minute. */
export function show(db: ArchiveDb, raws: readonly Members[], { minute = 0, source = SOURCE } = {}): void {
  const observedAt = new Date(Date.parse(OBSERVED_AT) + minute * 60_000).toISOString();
  createSingleReplyRecorder(db.sqlite)(page(raws.map(rawInvocation), { source, observedAt }));
}

/** Records a command as ListCommands shows it. */
export function list(db: ArchiveDb, command: Members, source: SourceKey = SOURCE): void {
  createListedCommandRecorder(db.sqlite)(source, OBSERVED_AT, [
    observeCommand({ Status: 'Success', StatusDetails: 'Success', RequestedDateTime: 1772357400, ...command }),
  ]);
}

/** Prunes a selection, and returns the number of invocations that it pruned. */
export async function pruneOf(
  { sqlite }: ArchiveDb,
  selection: PruneSelection,
  kind: PruneKind = 'invocations',
): Promise<number> {
  const order = { kind, selection, by: 'me', reason: 'it is time' };
  return (await prune({ sqlite, now: () => LATER, renew: () => {} }, order)).invocations;
}

/**
 * Gives the last row of these tables a number as if it were the ten millionth. Such an archive is too large to read
 * through.
 */
export function asIfLarge({ sqlite }: ArchiveDb, ...tables: ('invocations' | 'plugins' | 'commands')[]): void {
  sqlite.pragma('foreign_keys = OFF');
  for (const table of tables)
    sqlite.exec(`UPDATE ${table} SET rowid = 10000000 WHERE rowid = (SELECT max(rowid) FROM ${table})`);
}
