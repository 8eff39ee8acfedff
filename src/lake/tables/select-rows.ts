import type { Database } from 'better-sqlite3';
import { secretOfState } from '../../ledger/entries/commitments.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { dayAfter } from '../../lib/time.ts';
import { KEY, type LakeRow, type LakeTable } from './lake-table.ts';

/** SQL on `i`: an invocation that was requested on a day (UTC). */
export const OF_DAY = 'i.requested_at >= :day AND i.requested_at < :next';

/** Returns the rows of a day with all columns, in no order. Throws an error if a state can't be read. */
export function* allRows(table: LakeTable, sqlite: Database, day: string): Generator<LakeRow> {
  if (table.rows) {
    yield* table.rows(sqlite, day);
    return;
  }
  if (!table.ofStates) {
    yield* select(table, sqlite, day);
    return;
  }
  const names = table.hot(sqlite).map(({ name }) => name);
  const [batchAt, lineAt] = [names.indexOf('page_id'), names.indexOf('line')];
  const readBatch = createBatchReader(sqlite);
  // In this order each batch is unpacked once.
  for (const row of select(table, sqlite, day, 'page_id, line')) {
    const batch = readBatch(Number(row[batchAt]));
    const line = Number(row[lineAt]);
    const state = batch.states[line];
    if (!state) throw new Error(`state batch ${row[batchAt]} has no line ${line}`);
    yield [...row, state, secretInLake(batch.salt, line, state), batch.digest.toString('hex')];
  }
}

/**
 * Returns the secret of a state alone, in hex, for its row in the lake; null if its batch has none. With the secret of the
 * batch, a state that is pruned elsewhere could be guessed.
 */
export function secretInLake(salt: Buffer | null, line: number, state: string): string | null {
  return salt && secretOfState(salt, line, state).toString('hex');
}

function select(table: LakeTable, sqlite: Database, day: string, orderBy?: string): IterableIterator<LakeRow> {
  const columns = table.hot(sqlite).map(({ name, sql }) => `${sql} AS "${name}"`);
  const order = orderBy === undefined ? '' : ` ORDER BY ${orderBy}`;
  return sqlite
    .prepare<[object], LakeRow>(`SELECT ${columns.join(', ')} FROM ${table.from} WHERE ${OF_DAY}${order}`)
    .raw()
    .iterate(spanOf(day));
}

/** Returns the numbers of the invocations of a day in the order of its files. */
export function idsInOrder(sqlite: Database, day: string): number[] {
  return sqlite
    .prepare<[object], number>(
      `SELECT i.id FROM main.invocations i WHERE ${OF_DAY}
        ORDER BY ${KEY.map((column) => `i.${column}`).join(', ')}`,
    )
    .pluck()
    .all(spanOf(day));
}

/** Returns the parameters of OF_DAY. */
export function spanOf(day: string): { day: string; next: string } {
  return { day, next: dayAfter(day) };
}
