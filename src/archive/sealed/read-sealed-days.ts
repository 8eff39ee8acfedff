import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { prepareOnce } from '../../db/prepare-once.ts';
import { SealedObject } from '../../ledger/entries/sealed-entry.ts';

export type { SealedObject };

/** A row of `sealed_days`. */
export interface SealedDay {
  /** An ISO date, in UTC. */
  day: string;
  generation: number;
  entrySeq: number;
  treeSize: number;
  invocations: number;
  leaves: number;
  firstId: number;
  lastId: number;
  firstSeq: number;
  lastSeq: number;
  firstChangedAt: string;
  lastChangedAt: string;
  objects: readonly SealedObject[];
  isUnsealed: boolean;
  /** Whether rows of this generation are being pruned, or were: then the next seal or prune replaces its objects. */
  isPruning: boolean;
  /** The last generation of which nothing may be left in the lake; 0 for none. */
  goneGeneration: number;
  /** The seq of the tombstone of the whole day, of which the lake has nothing any more; null if it is there. */
  prunedSeq: number | null;
}

const COLUMNS = `day, generation, entry_seq AS entrySeq, tree_size AS treeSize, invocations, leaves, first_id AS firstId,
  last_id AS lastId, first_seq AS firstSeq, last_seq AS lastSeq, first_changed_at AS firstChangedAt,
  last_changed_at AS lastChangedAt, objects_json AS objectsJson, is_unsealed AS isUnsealed,
  is_pruning AS isPruning, gone_generation AS goneGeneration, pruned_seq AS prunedSeq`;

type Row = Omit<SealedDay, 'objects' | 'isUnsealed' | 'isPruning'> & {
  objectsJson: string;
  isUnsealed: 0 | 1;
  isPruning: 0 | 1;
};

/** Returns the days that are in the lake, the oldest first. */
export function readSealedDays(sqlite: Database): SealedDay[] {
  return readAllSealedDays(sqlite).filter(({ prunedSeq }) => prunedSeq === null);
}

/** Returns all days that were ever sealed, also those that were pruned, the oldest first. */
export function readAllSealedDays(sqlite: Database): SealedDay[] {
  return prepareOnce<[], Row>(sqlite, `SELECT ${COLUMNS} FROM main.sealed_days ORDER BY day`).all().map(sealedDayOf);
}

/** Returns a day that was sealed, also if it was pruned since; undefined if it never was. */
export function readSealedDay(sqlite: Database, day: string): SealedDay | undefined {
  const row = prepareOnce<[string], Row>(sqlite, `SELECT ${COLUMNS} FROM main.sealed_days WHERE day = ?`).get(day);
  return row && sealedDayOf(row);
}

function sealedDayOf({ objectsJson, isUnsealed, isPruning, ...row }: Row): SealedDay {
  const objects = z.array(SealedObject).parse(JSON.parse(objectsJson));
  return { ...row, objects, isUnsealed: isUnsealed === 1, isPruning: isPruning === 1 };
}
