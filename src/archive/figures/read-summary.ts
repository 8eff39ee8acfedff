import type { Database } from 'better-sqlite3';

/** A group of invocations: its names and its size. */
export interface SummaryGroup {
  names: string[];
  invocations: number;
}

export type SummaryBy = 'place' | 'status' | 'document';

const COLUMNS: Record<SummaryBy, string> = {
  place: 'account_id, region',
  status: "coalesce(nullif(status_details, ''), status, '')",
  document: "coalesce(document_name, '')",
};

/** Invocations counted by account and region, by StatusDetails, or by document, the largest group first. */
export function readSummary(sqlite: Database, by: SummaryBy): SummaryGroup[] {
  const columns = COLUMNS[by];
  return sqlite
    .prepare<[], (string | number)[]>(
      `SELECT ${columns}, count(*) FROM invocations GROUP BY ${columns} ORDER BY count(*) DESC, 1`,
    )
    .raw()
    .all()
    .map((row) => ({ names: row.slice(0, -1).map(String), invocations: Number(row.at(-1)) }));
}
