import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { readFloor } from '../sealed/read-floor.ts';

/** What is in the lake, as the file knows it. The lake is not asked. */
export interface LakeFigures {
  /** How many days are sealed, and the first of them. */
  days: number;
  firstDay: string;
  /** The first day of which nothing was ever sealed. */
  floor: string;
  /** How many invocations are in the lake alone. */
  invocations: number;
  /** The size of the lake's objects of these days, without manifests. */
  bytes: number;
  /** How many sealed days were brought back, and wait to be sealed again. */
  unsealed: number;
}

/** How the reason begins why a young day waits. */
export const TOO_YOUNG = 'ended less than';

/** The first day that was never sealed, and why it can't be sealed yet: the end of a sentence that begins with the day. */
export interface NextSeal {
  day: string;
  /** Null if the next seal seals it. */
  why: string | null;
}

/** Reads what is in the lake; undefined if no day is sealed. */
export function readLake(sqlite: Database): LakeFigures | undefined {
  const floor = readFloor(sqlite);
  const row = prepareOnce<[], Omit<LakeFigures, 'floor'>>(
    sqlite,
    `SELECT count(*) AS days, min(day) AS firstDay, coalesce(sum(is_unsealed), 0) AS unsealed,
            (SELECT coalesce(sum(invocations), 0) FROM main.sealed_commands) AS invocations,
            (SELECT coalesce(sum(o.value ->> '$.sizeBytes'), 0) FROM main.sealed_days s, json_each(s.objects_json) o
              WHERE s.pruned_seq IS NULL) AS bytes
       FROM main.sealed_days WHERE pruned_seq IS NULL`,
  ).get();
  return floor === undefined || row === undefined ? undefined : { ...row, floor };
}

/** The sentence about the day that is sealed next. */
export function sayNextSeal({ day, why }: NextSeal): string {
  return why === null ? `The next seal seals ${day}.` : `The next day, ${day}, waits: it ${why}.`;
}
