import type { Database } from 'better-sqlite3';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { createLedger } from '../../ledger/create-ledger.ts';
import { SealedEntry } from '../../ledger/entries/sealed-entry.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import type { DayFacts } from './day-facts.ts';

export interface DayToCommit extends DayFacts, Pick<SealedEntry, 'day' | 'generation' | 'treeSize' | 'objects' | 'at'> {
  /** The SHA-256 of the manifest, in hex. */
  manifest: string;
}

/**
 * Adds the entry of a sealed day to the ledger, and its row: from now on the day is sealed. All its objects must be in
 * the lake. Call it within a transaction.
 */
export function commitDay(sqlite: Database, { manifest, ...day }: DayToCommit): void {
  const before = readSealedDay(sqlite, day.day);
  if (before && !before.isUnsealed)
    throw new Error(`Rows of ${day.day} stand in the lake alone, so it can't get another generation.`);
  const ledger = createLedger(sqlite);
  const entrySeq = ledger.nextSeq();
  const { generation, treeSize, objects, at } = day;
  const entry: SealedEntry = {
    ...{ kind: 'sealed', day: day.day, generation, archive: readArchiveNumber(sqlite) },
    ...{ treeSize, objects, manifest, at },
  };
  ledger.add('sealed', [canonicalJson(SealedEntry.parse(entry))]);
  sqlite
    .prepare<[object], never>(
      `INSERT INTO sealed_days (${COLUMNS.map(([column]) => column).join(', ')}) SELECT ${VALUES}
        WHERE NOT EXISTS (SELECT 1 FROM main.sealed_days WHERE day = :day)`,
    )
    .run({ ...day, entrySeq, objectsJson: canonicalJson(objects) });
  sqlite
    .prepare<[object], never>(
      `UPDATE sealed_days SET (${COLUMNS.map(([column]) => column).join(', ')}, is_unsealed) = (${VALUES}, 0) WHERE day = :day`,
    )
    .run({ ...day, entrySeq, objectsJson: canonicalJson(objects) });
}

const COLUMNS = [
  ...[['day', 'day'] as const, ['generation', 'generation'] as const, ['entry_seq', 'entrySeq'] as const],
  ...[['tree_size', 'treeSize'] as const, ['invocations', 'invocations'] as const, ['leaves', 'leaves'] as const],
  ...[['first_id', 'firstId'] as const, ['last_id', 'lastId'] as const, ['first_seq', 'firstSeq'] as const],
  ...[['last_seq', 'lastSeq'] as const, ['first_changed_at', 'firstChangedAt'] as const],
  ...[['last_changed_at', 'lastChangedAt'] as const, ['objects_json', 'objectsJson'] as const],
];

const VALUES = COLUMNS.map(([, name]) => `:${name}`).join(', ');
