import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import { rangesOf, type Tombstone } from '../../../ledger/entries/tombstone.ts';
import { dropSealedValues } from '../../sealed/drop-sealed-values.ts';
import { bury, type PruneOrder } from '../bury.ts';

/** Invocations of a sealed day that are in the lake alone, counted as `sealed_commands` counts them. */
export interface GoneOfCommand {
  accountId: string;
  region: string;
  commandId: string;
  status: string | null;
  invocations: number;
}

/** The same, counted as `daily_counts` counts them. */
export interface GoneOfDay {
  accountId: string;
  region: string;
  documentName: string | null;
  status: string | null;
  statusDetails: string | null;
  invocations: number;
}

/** What the lake alone has of a sealed day, and loses with it. */
export interface RowsOfLake {
  /** The `seq`s of its leaves, in order. */
  seqs: readonly number[];
  /** How many of these are states; the others are fetched outputs. */
  states: number;
  places: Tombstone['places'];
  commands: readonly GoneOfCommand[];
  counts: readonly GoneOfDay[];
}

export interface DayBurial extends PruneOrder {
  at: string;
  /** An ISO date. */
  day: string;
  rows: RowsOfLake;
}

/** A range takes 24 bytes at most, and a tombstone must fit into an entry bundle. */
const MOST_RANGES = 2000;

/**
 * Says in the ledger that nothing is left of a sealed day, and corrects what is counted of it. From then on its objects
 * may go from the lake, and nothing reads them any more. What the file itself had of the day must be pruned already, in
 * the same transaction. Returns how many tombstones were written.
 */
export function buryDay(sqlite: Database, { at, day, rows, ...order }: DayBurial): number {
  const entry = prepareOnce<[string], number>(sqlite, 'SELECT entry_seq FROM main.sealed_days WHERE day = ?')
    .pluck()
    .get(day);
  if (entry === undefined) throw new Error(`${day} is not sealed.`);
  const ranges = rangesOf(rows.seqs);
  let seq = 0;
  let tombstones = 0;
  // A day whose rows were all in the file has no leaf left, and still needs a tombstone that names it.
  for (let from = 0; from === 0 || from < ranges.length; from += MOST_RANGES) {
    const places = from === 0 ? rows.places : rows.places.map((place) => ({ ...place, invocations: 0, commands: 0 }));
    seq = bury(sqlite, {
      ...{ ...order, what: 'entries', at, batches: [], places, sealed: { day, entry } },
      ranges: ranges.slice(from, from + MOST_RANGES),
    });
    tombstones += 1;
  }
  correctCounts(sqlite, day, rows);
  dropSealedValues(sqlite, day);
  markPruned(sqlite, { day, seq, at });
  return tombstones;
}

function correctCounts(sqlite: Database, day: string, { commands, counts }: RowsOfLake): void {
  const ofCommand = prepareOnce<[GoneOfCommand], unknown>(
    sqlite,
    `UPDATE sealed_commands SET invocations = invocations - :invocations
      WHERE command_id = :commandId AND account_id = :accountId AND region = :region AND status IS :status`,
  );
  for (const one of commands) ofCommand.run(one);
  const ofDay = prepareOnce<[object], unknown>(
    sqlite,
    `UPDATE daily_counts SET invocations = invocations - :invocations WHERE day = :day AND account_id = :accountId
        AND region = :region AND document_name IS :documentName AND status IS :status AND status_details IS :statusDetails`,
  );
  for (const one of counts) ofDay.run({ ...one, day });
  prepareOnce(sqlite, 'DELETE FROM daily_counts WHERE day = ? AND invocations = 0').run(day);
}

/** All objects of the day are to go from the lake. The rows say so before that, in case we crash meanwhile. */
function markPruned(sqlite: Database, { day, seq, at }: { day: string; seq: number; at: string }): void {
  prepareOnce(
    sqlite,
    `INSERT INTO lake_removals (key, keep_sha256, gone_json, made_at)
       SELECT o.value ->> '$.key', NULL, json_array(o.value ->> '$.sha256'), :at
         FROM main.sealed_days s, json_each(s.objects_json) o WHERE s.day = :day
       ON CONFLICT (key) DO UPDATE SET (keep_sha256, gone_json) = (NULL, json_insert(gone_json, '$[#]', excluded.gone_json ->> '$[0]'))`,
  ).run({ day, at });
  prepareOnce(
    sqlite,
    'UPDATE sealed_days SET pruned_seq = :seq, is_unsealed = 0, is_pruning = 0, gone_generation = generation WHERE day = :day',
  ).run({ day, seq });
}
