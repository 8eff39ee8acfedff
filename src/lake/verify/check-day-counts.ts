import type { Database } from 'better-sqlite3';
import { idsThatLeft } from '../../archive/sealed/day-moves.ts';
import { spanOf } from '../tables/select-rows.ts';
import type { SealedCount } from './verified-day.ts';

/** The columns by which invocations are counted. */
interface Counted {
  accountId: string;
  region: string;
  documentName: string | null;
  status: string | null;
  statusDetails: string | null;
}

/** Counts the invocations of a day that are in the lake alone; those in the file are counted by SQL. */
export interface DayCounts {
  add(invocation: Counted & { id: number; commandId: string }): void;
  /** Returns where daily_counts differs from the rows of the lake and of the file together. */
  faults(): string[];
  lakeOnly(): SealedCount[];
}

const HOT = 'main.invocations i WHERE i.requested_at >= :day AND i.requested_at < :next';

export function createDayCounts(sqlite: Database, day: string): DayCounts {
  const hot = new Set([
    ...sqlite.prepare<[object], number>(`SELECT i.id FROM ${HOT}`).pluck().all(spanOf(day)),
    ...idsThatLeft(sqlite, day),
  ]);
  const counts = new Map<string, number>();
  const lakeOnly = new Map<string, SealedCount>();
  const add = (key: string, n: number) => counts.set(key, (counts.get(key) ?? 0) + n);
  return {
    add({ id, commandId, accountId, region, documentName, status, statusDetails }) {
      if (hot.has(id)) return;
      add(JSON.stringify([accountId, region, documentName, status, statusDetails]), 1);
      const key = JSON.stringify([accountId, region, commandId, status]);
      const before = lakeOnly.get(key)?.invocations ?? 0;
      lakeOnly.set(key, { accountId, region, commandId, status, invocations: before + 1 });
    },
    faults() {
      const rows = sqlite
        .prepare<[object], [key: string, n: number]>(
          `SELECT json_array(account_id, region, document_name, status, status_details), -invocations
             FROM main.daily_counts WHERE day = :day
           UNION ALL
           SELECT json_array(i.account_id, i.region, i.document_name, i.status, i.status_details), 1 FROM ${HOT}`,
        )
        .raw()
        .all(spanOf(day));
      for (const [key, n] of rows) add(JSON.stringify(JSON.parse(key)), n);
      return [...counts]
        .filter(([, n]) => n !== 0)
        .map(([key]) => `daily_counts has the wrong number of invocations for ${key}`);
    },
    lakeOnly: () => [...lakeOnly.values()],
  };
}
