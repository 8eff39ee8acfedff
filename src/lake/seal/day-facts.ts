import type { Database } from 'better-sqlite3';
import type { SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { OF_DAY, spanOf } from '../tables/select-rows.ts';

/** What `sealed_days` says of the rows of a day. */
export type DayFacts = Omit<
  SealedDay,
  | 'day'
  | 'generation'
  | 'entrySeq'
  | 'treeSize'
  | 'objects'
  | 'isUnsealed'
  | 'isPruning'
  | 'goneGeneration'
  | 'prunedSeq'
>;

/** Returns the facts of the rows of a day that are in SQLite; undefined if it has none. */
export function readDayFacts(sqlite: Database, day: string): DayFacts | undefined {
  const span = spanOf(day);
  const rows = sqlite
    .prepare<[object], Omit<DayFacts, 'leaves' | 'firstSeq' | 'lastSeq'>>(
      `SELECT count(*) AS invocations, min(i.id) AS firstId, max(i.id) AS lastId, min(i.changed_at) AS firstChangedAt,
              max(i.changed_at) AS lastChangedAt FROM main.invocations i WHERE ${OF_DAY}`,
    )
    .get(span);
  const seqsOf = (table: string) =>
    `SELECT l.seq FROM main.invocations i JOIN main.${table} l ON l.invocation_id = i.id WHERE ${OF_DAY}`;
  const leaves = sqlite
    .prepare<[object], Pick<DayFacts, 'leaves' | 'firstSeq' | 'lastSeq'>>(
      `SELECT count(*) AS leaves, min(seq) AS firstSeq, max(seq) AS lastSeq
         FROM (${seqsOf('revisions')} UNION ALL ${seqsOf('full_outputs')})`,
    )
    .get(span);
  return rows && leaves && rows.invocations > 0 ? { ...rows, ...leaves } : undefined;
}

/** The facts of a sealed day whose invocations all have another day now. */
export const EMPTY_DAY: DayFacts = {
  ...{ invocations: 0, leaves: 0, firstId: 0, lastId: 0, firstSeq: 0, lastSeq: 0 },
  ...{ firstChangedAt: '', lastChangedAt: '' },
};
