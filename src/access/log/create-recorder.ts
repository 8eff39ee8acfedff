import type { AccessDb } from './open-access-db.ts';
import { type RequestRecord, recordRequest } from './record-request.ts';

export interface Recorder {
  /** Resolves with the row's id once it is committed. Rejects if that fails. */
  record(record: RequestRecord): Promise<number>;
}

interface Waiting {
  record: RequestRecord;
  resolve(id: number): void;
  reject(error: unknown): void;
}

/**
 * Records requests. All requests that are answered in the same turn of the event loop share a transaction: under load,
 * a commit takes longer than writing its rows.
 */
export function createRecorder(accessDb: AccessDb): Recorder {
  let waiting: Waiting[] = [];
  const commit = () => {
    const batch = waiting;
    waiting = [];
    try {
      const ids = accessDb.write(() => batch.map(({ record }) => recordRequest(accessDb, record)));
      batch.forEach(({ resolve }, i) => {
        resolve(ids[i] ?? 0);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return {
    record: (record) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(commit);
        waiting.push({ record, resolve, reject });
      }),
  };
}
