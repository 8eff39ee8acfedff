import type { Database } from 'better-sqlite3';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { dropSealedValues } from '../../archive/sealed/drop-sealed-values.ts';
import { readSealedDay, type SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createLedger } from '../../ledger/create-ledger.ts';
import { SealedEntry } from '../../ledger/entries/sealed-entry.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import type { DayFacts } from './day-facts.ts';

export interface DayToCommit extends DayFacts, Pick<SealedEntry, 'day' | 'generation' | 'treeSize' | 'objects' | 'at'> {
  /** The SHA-256 of the manifest, in hex. */
  manifest: string;
  /** The commands of the months that were written with the day. */
  commands: readonly { key: string; sha256: string }[];
}

/**
 * Adds the entry of a sealed day to the ledger, and its row: from now on the day is sealed. All its objects must be in
 * the lake. Call it within a transaction.
 */
export function commitDay(sqlite: Database, { manifest, commands, ...day }: DayToCommit): void {
  const before = readSealedDay(sqlite, day.day);
  if (before && !before.isUnsealed && before.prunedSeq === null)
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
      `UPDATE sealed_days SET (${COLUMNS.map(([column]) => column).join(', ')}, is_unsealed, is_pruning, pruned_seq, gone_generation)
         = (${VALUES}, 0, 0, NULL, :gone) WHERE day = :day`,
    )
    .run({ ...day, entrySeq, objectsJson: canonicalJson(objects), gone: isForgetful(before) ? before.generation : 0 });
  if (isForgetful(before)) replaceForGood(sqlite, { before, objects: [...objects, ...commands], at });
}

/** Whether something of a day was ever pruned: then each generation takes the place of all earlier ones for good. */
function isForgetful(before: SealedDay | undefined): before is SealedDay {
  return before !== undefined && (before.isPruning || before.goneGeneration > 0 || before.prunedSeq !== null);
}

/** Notes that of each object only the new version may stay in the lake, and drops values that the day may not have now. */
function replaceForGood(
  sqlite: Database,
  { before, objects, at }: { before: SealedDay; objects: readonly { key: string; sha256: string }[]; at: string },
): void {
  const note = prepareOnce<[object], unknown>(
    sqlite,
    `INSERT INTO lake_removals (key, keep_sha256, gone_json, made_at) VALUES (:key, :sha256, :gone, :at)
       ON CONFLICT (key) DO UPDATE SET keep_sha256 = excluded.keep_sha256`,
  );
  for (const { key, sha256 } of objects) {
    const gone = before.objects.filter((one) => one.key === key && one.sha256 !== sha256);
    note.run({ key, sha256, gone: JSON.stringify(gone.map((one) => one.sha256)), at });
  }
  dropSealedValues(sqlite, before.day);
}

const COLUMNS = [
  ...[['day', 'day'] as const, ['generation', 'generation'] as const, ['entry_seq', 'entrySeq'] as const],
  ...[['tree_size', 'treeSize'] as const, ['invocations', 'invocations'] as const, ['leaves', 'leaves'] as const],
  ...[['first_id', 'firstId'] as const, ['last_id', 'lastId'] as const, ['first_seq', 'firstSeq'] as const],
  ...[['last_seq', 'lastSeq'] as const, ['first_changed_at', 'firstChangedAt'] as const],
  ...[['last_changed_at', 'lastChangedAt'] as const, ['objects_json', 'objectsJson'] as const],
];

const VALUES = COLUMNS.map(([, name]) => `:${name}`).join(', ');
