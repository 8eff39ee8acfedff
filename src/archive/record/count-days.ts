import type { Database } from 'better-sqlite3';
import type { NormalizedInvocation, SourceKey } from '../../model/observed-invocation.ts';

type CountKey = readonly (string | null)[];

/** Updates `daily_counts` when `invocations` changes. What a reply adds and subtracts is summed, and written once. */
export interface DailyCounter {
  /**
   * Subtracts the row that is in the file now from its day's count, and returns the day; null if it has none. Must be
   * called before the row is overwritten.
   */
  leave(invocationId: number): string | null;
  enter(source: SourceKey, now: NormalizedInvocation): void;
  /** Writes the sums, in the reply's transaction. */
  write(): void;
  /** Drops sums whose transaction was rolled back. */
  forget(): void;
}

export function createDailyCounter(sqlite: Database): DailyCounter {
  const dayKey = sqlite
    .prepare<unknown[], (string | null)[]>(
      'SELECT substr(requested_at, 1, 10), account_id, region, document_name, status, status_details FROM invocations WHERE id = ?',
    )
    .raw();
  const add = sqlite.prepare(
    `UPDATE daily_counts SET invocations = invocations + ? WHERE day IS ? AND account_id = ? AND region = ?
        AND document_name IS ? AND status IS ? AND status_details IS ?`,
  );
  const begin = sqlite.prepare(
    'INSERT INTO daily_counts (invocations, day, account_id, region, document_name, status, status_details) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const sums = new Map<string, { key: CountKey; sum: number }>();

  function count(key: CountKey, change: number): void {
    const name = JSON.stringify(key);
    const entry = sums.get(name);
    if (entry) entry.sum += change;
    else sums.set(name, { key, sum: change });
  }

  return {
    leave(invocationId) {
      const key = dayKey.get(invocationId);
      if (key) count(key, -1);
      return key?.[0] ?? null;
    },
    enter({ accountId, region }, { requestedAt, documentName, status, statusDetails }) {
      count([requestedAt?.slice(0, 10) ?? null, accountId, region, documentName, status, statusDetails], 1);
    },
    write() {
      for (const { key, sum } of sums.values()) {
        if (sum !== 0 && add.run(sum, ...key).changes === 0) begin.run(sum, ...key);
      }
      sums.clear();
    },
    forget: () => sums.clear(),
  };
}
