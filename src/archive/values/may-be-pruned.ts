import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { Tombstone } from '../../ledger/entries/tombstone.ts';
import type { OpenFilter } from '../../questions/filters.ts';
import { OPEN_VALUES } from './open-values.ts';

/** The most tombstones to read, and the most leaves that they may stand for. */
const MOST_TOMBSTONES = 500;
const MOST_LEAVES = 200_000;

/**
 * Whether something that was pruned may have had this value. A tombstone names the accounts and regions of what was
 * removed, and the selection, but no other value. So the tombstones of a pruning run by document name the document of
 * everything removed, and the tombstones of a run by time name no document. If there are too many tombstones to read,
 * the answer is yes, except for accounts and regions: passes and coverage still name those.
 */
export function mayBePruned(sqlite: Database, filter: OpenFilter, value: string): boolean {
  const { mayHaveGone, isInTombstones } = OPEN_VALUES[filter];
  const leaves = prepareOnce<[], { seq: number }>(
    sqlite,
    "SELECT tombstone_seq AS seq FROM main.pruned_leaves WHERE what = 'entries' ORDER BY from_seq",
  ).iterate();
  const entryOf = prepareOnce<[number], string>(
    sqlite,
    'SELECT entry_json FROM main.ledger_entries WHERE seq = ?',
  ).pluck();
  const read = new Set<number>();
  let looked = 0;
  for (const { seq } of leaves) {
    looked += 1;
    if (read.size >= MOST_TOMBSTONES || looked > MOST_LEAVES) return isInTombstones !== true;
    if (read.has(seq)) continue;
    read.add(seq);
    const tombstone = Tombstone.safeParse(JSON.parse(entryOf.get(seq) ?? 'null')).data;
    if (!tombstone || (mayHaveGone?.(tombstone, value) ?? true)) return true;
  }
  return false;
}
