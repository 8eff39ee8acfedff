import type { Database } from 'better-sqlite3';
import { Tombstone } from '../../ledger/entries/tombstone.ts';

export interface ListedTombstone {
  leaf: number;
  tombstone: Tombstone;
}

/** The newest tombstones. Reads the list of all pruned leaves. */
export function listTombstones(sqlite: Database, { limit }: { limit: number }): ListedTombstone[] {
  return sqlite
    .prepare<[number], { seq: number; entry: string }>(
      `SELECT e.seq, e.entry_json AS entry FROM (SELECT DISTINCT tombstone_seq AS seq FROM main.pruned_leaves ORDER BY 1 DESC LIMIT ?) p
         JOIN main.ledger_entries e ON e.seq = p.seq ORDER BY e.seq DESC`,
    )
    .all(limit)
    .flatMap(({ seq, entry }) => {
      const tombstone = Tombstone.safeParse(JSON.parse(entry)).data;
      return tombstone ? [{ leaf: seq - 1, tombstone }] : [];
    });
}
