import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { Tombstone } from '../../ledger/tombstone.ts';
import type { OpenFilter } from './open-filter.ts';

/** Tombstones that are read, and leaves that they stand for. */
const MOST_TOMBSTONES = 500;
const MOST_LEAVES = 200_000;

/**
 * Whether something that was pruned may have had this value. A tombstone keeps the accounts and regions of what it stands for, and
 * what was asked to go, but no other value. So a pruning by document names the document of all that went; a pruning by time names none.
 * If there are too many tombstones to read, the answer is yes, except for accounts and regions: passes and coverage still name those.
 */
export function mayBePruned(sqlite: Database, filter: OpenFilter, value: string): boolean {
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
    if (read.size >= MOST_TOMBSTONES || looked > MOST_LEAVES) return filter !== 'account' && filter !== 'region';
    if (read.has(seq)) continue;
    read.add(seq);
    const tombstone = Tombstone.safeParse(JSON.parse(entryOf.get(seq) ?? 'null')).data;
    if (!tombstone || mayHaveHad(tombstone, filter, value)) return true;
  }
  return false;
}

function mayHaveHad({ places, selection, commands }: Tombstone, filter: OpenFilter, value: string): boolean {
  switch (filter) {
    case 'account':
      return places.some(({ accountId }) => accountId === value);
    case 'region':
      return places.some(({ region }) => region === value);
    case 'commandId':
    case 'documentName':
      return selection[filter] === undefined || selection[filter] === value;
    case 'instanceId':
      // A command that was removed with its last invocation may have named other nodes.
      return selection.instanceId === undefined || selection.instanceId === value || commands > 0;
    case 'instanceName':
    case 'pluginName':
    case 'comment':
    case 'sender':
      return true;
  }
}
