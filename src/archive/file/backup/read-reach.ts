import type { Database } from 'better-sqlite3';
import { parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import { parseNote } from '../../../ledger/notes/signed-note.ts';
import { tileStore } from '../../../ledger/tiles/tile-store.ts';
import { treeRoot } from '../../../ledger/tree/tree-root.ts';
import { newestCheckpoint } from '../../checkpoints/make-checkpoint.ts';

/** Up to where an archive's data goes. A member is null if the archive has no such data. */
export interface Reach {
  leaves: number;
  root: string | null;
  /** The checkpoint that was signed last, and the key that signed it. */
  checkpoint: { size: number; madeAt: string; origin: string; note: string } | null;
  /** When the last pass ended, and when the newest state was seen. */
  lastPassAt: string | null;
  lastObservedAt: string | null;
  /** For each account and region: the request time up to which it is listed completely. */
  covered: { accountId: string; region: string; to: string }[];
}

/** Reads archives of any version. Archives of versions before the ledger have no leaves. */
export function readReach(sqlite: Database): Reach {
  const isLedger = hasLedger(sqlite);
  const leaves = isLedger ? tileStore(sqlite).size() : 0;
  const newest = isLedger ? newestCheckpoint(sqlite) : undefined;
  const text = (sql: string) => sqlite.prepare<[], string>(sql).pluck().get() ?? null;
  return {
    leaves,
    root: leaves === 0 ? null : treeRoot(tileStore(sqlite).read, leaves).toString('base64'),
    checkpoint: newest ? { ...newest, origin: parseCheckpoint(parseNote(newest.note).text).origin } : null,
    lastPassAt: text('SELECT max(finished_at) FROM runs'),
    lastObservedAt: lastObserved(sqlite),
    covered: sqlite
      .prepare<[], Reach['covered'][number]>(
        `SELECT account_id AS accountId, region, max(to_at) AS "to" FROM coverage GROUP BY 1, 2 ORDER BY 1, 2`,
      )
      .all(),
  };
}

/** The states of sealed days are in the lake; what they say of the time is in the file. */
function lastObserved(sqlite: Database): string | null {
  const text = (sql: string) => sqlite.prepare<[], string | null>(sql).pluck().get() ?? null;
  const inFile = text('SELECT observed_at FROM revisions ORDER BY seq DESC LIMIT 1');
  const isSealing = text("SELECT name FROM sqlite_schema WHERE name = 'sealed_days'") !== null;
  const inLake = isSealing ? text('SELECT max(last_changed_at) FROM sealed_days') : null;
  return inLake !== null && (inFile === null || inLake > inFile) ? inLake : inFile;
}

/** The root of the ledger's first `size` leaves; undefined if it has fewer. */
export function rootAt(sqlite: Database, size: number): Buffer | undefined {
  if (!hasLedger(sqlite)) return undefined;
  const { read, size: leaves } = tileStore(sqlite);
  return leaves() >= size ? treeRoot(read, size) : undefined;
}

/** Whether the archive has the ledger's tables. Archives of earlier versions do not. */
export function hasLedger(sqlite: Database): boolean {
  const tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('ledger_tiles', 'ledger_checkpoints')";
  return sqlite.prepare<[], number>(tables).pluck().get() === 2;
}
