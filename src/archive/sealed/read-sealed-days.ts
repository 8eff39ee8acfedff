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
}

const COLUMNS = `day, generation, entry_seq AS entrySeq, tree_size AS treeSize, invocations, leaves, first_id AS firstId,
  last_id AS lastId, first_seq AS firstSeq, last_seq AS lastSeq, first_changed_at AS firstChangedAt,
  last_changed_at AS lastChangedAt, objects_json AS objectsJson, is_unsealed AS isUnsealed`;

type Row = Omit<SealedDay, 'objects' | 'isUnsealed'> & { objectsJson: string; isUnsealed: 0 | 1 };

/** Returns the sealed days, the oldest first. */
export function readSealedDays(sqlite: Database): SealedDay[] {
  return prepareOnce<[], Row>(sqlite, `SELECT ${COLUMNS} FROM main.sealed_days ORDER BY day`).all().map(sealedDayOf);
}

/** Returns a sealed day; undefined if it is not sealed. */
export function readSealedDay(sqlite: Database, day: string): SealedDay | undefined {
  const row = prepareOnce<[string], Row>(sqlite, `SELECT ${COLUMNS} FROM main.sealed_days WHERE day = ?`).get(day);
  return row && sealedDayOf(row);
}

function sealedDayOf({ objectsJson, isUnsealed, ...row }: Row): SealedDay {
  return { ...row, objects: z.array(SealedObject).parse(JSON.parse(objectsJson)), isUnsealed: isUnsealed === 1 };
}
