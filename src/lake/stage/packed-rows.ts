import type { Database } from 'better-sqlite3';
import { KEY, type LakeTable } from '../tables/lake-table.ts';
import { type Marks, packingSql, packRows } from './pack-rows.ts';
import type { StateTexts } from './state-texts.ts';

/** The rows of so many invocations are asked for together. */
const AT_ONCE = 1000;

export interface RowsToPack {
  day: string;
  /** What idsInOrder returns. */
  ids: readonly number[];
  marks: Marks;
  states: StateTexts;
}

/**
 * Yields the rows of a day in the order of the table's file, packed. SQLite takes the invocations one after another in
 * the order in which it gets them, so only the rows of a thousand are sorted, and a day of any size needs little memory.
 */
export function* packedRows(
  table: LakeTable,
  sqlite: Database,
  { day, ids, marks, states }: RowsToPack,
): Generator<Buffer> {
  if (table.rows) {
    yield* packRows(table.rows(sqlite, day), marks);
    return;
  }
  const hot = table.hot(sqlite);
  const sqlOf = (column: string) => hot.find(({ name }) => name === column)?.sql ?? 'NULL';
  // The invocations come in order; what is left are the rows of one of them.
  const order = ['k.key', ...table.order.filter((column) => !KEY.includes(column)).map(sqlOf)];
  const statement = sqlite
    .prepare<[string], [Buffer, number]>(
      `SELECT CAST(${packingSql(hot, marks)} AS BLOB), ${sqlOf('seq')}
         FROM json_each(?) k CROSS JOIN ${table.from} WHERE i.id = k.value ORDER BY ${order.join(', ')}`,
    )
    .raw();
  const mark = Buffer.from(marks.value);
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    for (const [packed, seqOfRow] of statement.iterate(JSON.stringify(ids.slice(from, from + AT_ONCE))))
      yield table.ofStates ? Buffer.concat([packed, mark, states.of(seqOfRow)]) : packed;
  }
}
