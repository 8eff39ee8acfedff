import type { Database } from 'better-sqlite3';
import { secretOfState } from '../../ledger/entries/commitments.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { dayAfter } from '../../lib/time.ts';
import type { LakeRow, LakeTable } from './lake-table.ts';

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
    // Only of its own line: with the secret of the batch, a state that is pruned elsewhere could be guessed.
    const secret = batch.salt && secretOfState(batch.salt, line, state);
    yield [...row, state, secret?.toString('hex') ?? null, batch.digest.toString('hex')];
  }
}

function select(table: LakeTable, sqlite: Database, day: string, orderBy?: string): IterableIterator<LakeRow> {
  const columns = table.hot(sqlite).map(({ name, sql }) => `${sql} AS "${name}"`);
  const order = orderBy === undefined ? '' : ` ORDER BY ${orderBy}`;
  return sqlite
    .prepare<[object], LakeRow>(`SELECT ${columns.join(', ')} FROM ${table.from} WHERE ${OF_DAY}${order}`)
    .raw()
    .iterate(spanOf(day));
}

/** Returns the parameters of OF_DAY. */
export function spanOf(day: string): { day: string; next: string } {
  return { day, next: dayAfter(day) };
}
