import type { SealedOrder, SealedPart } from '../../archive/sealed/sealed-days.ts';
import type { DayFiles } from '../files/day-files.ts';
import { createValueReader, type LakeRows, type RowsOfTable } from '../restore/lake-rows.ts';
import { compareTexts } from '../stage/create-row-order.ts';
import type { LakeRow, LakeValue } from '../tables/lake-table.ts';
import { fromFiles } from './from-files.ts';
import type { LakeSql } from './open-lake-sql.ts';

export interface StreamQuery {
  files: DayFiles;
  /** The conditions for invocations; of these, `key` are about columns that all tables have. */
  conditions: readonly string[];
  key: readonly string[];
  parts: readonly SealedPart[];
  order: StreamOrder;
  /** How many invocations are in memory, with all that belongs to them. */
  atOnce: number;
}

/** The columns by which all tables are sorted. `id` is `invocation_id` in the others. */
export interface StreamOrder {
  columns: readonly { column: string; isDescending: boolean }[];
  /** Whether the files are in this order already. */
  isOfFile: boolean;
}

/** The order of the files. */
export const ORDER_OF_FILE: StreamOrder = {
  columns: ['account_id', 'region', 'instance_id', 'requested_at', 'command_id'].map((column) => ({
    ...{ column, isDescending: false },
  })),
  isOfFile: true,
};

/** Returns the order of a search, if all tables have its columns; else undefined. */
export function streamOrderOf(order: readonly SealedOrder[]): StreamOrder | undefined {
  const isOfAll = order.every(({ column }) => column === 'requested_at' || column === 'id');
  return isOfAll && order.length > 0 ? { columns: order, isOfFile: false } : undefined;
}

/**
 * Yields the invocations of a day with all that belongs to them, some at a time, and reads each of its files once: all
 * tables are read side by side in the same order.
 */
export async function* streamDay(lake: LakeSql, query: StreamQuery): AsyncGenerator<LakeRows> {
  const { files, conditions, key, parts, order, atOnce } = query;
  const stream = (table: string, id: string, where: readonly string[]): Stream | undefined => {
    const paths = files.paths[table] ?? [];
    return paths.length === 0 ? undefined : openStream(lake, { paths, id, where, order });
  };
  const invocations = stream('invocations', 'id', conditions);
  if (!invocations) return;
  const others = parts.flatMap((part) => {
    const one = stream(part, 'invocation_id', key);
    return one ? [{ part, stream: one }] : [];
  });
  try {
    for (;;) {
      const rows: LakeRow[] = [];
      for (let next = await invocations.take(); next; next = await invocations.take())
        if (rows.push(next) === atOnce) break;
      const last = rows.at(-1);
      if (!last) return;
      const ids = new Set(rows.map((row) => invocations.id(row)));
      const found: Record<string, RowsOfTable> = { invocations: { columns: invocations.columns, rows } };
      for (const { part, stream: one } of others) {
        const ofPart = await upTo(one, invocations.keyOf(last), ids);
        found[part] = { columns: one.columns, rows: ofPart };
      }
      yield found;
    }
  } finally {
    await Promise.all([invocations, ...others.map((one) => one.stream)].map((one) => one.close()));
  }
}

/** Takes the rows up to a place in the order, and returns those of these invocations. */
async function upTo(stream: Stream, place: readonly LakeValue[], ids: ReadonlySet<LakeValue>): Promise<LakeRow[]> {
  const rows: LakeRow[] = [];
  for (let next = await stream.peek(); next; next = await stream.peek()) {
    if (stream.compare(stream.keyOf(next), place) > 0) break;
    if (ids.has(stream.id(next))) rows.push(next);
    await stream.take();
  }
  return rows;
}

/** The rows of a table, one after another. */
interface Stream {
  /** Known once a row was read. */
  readonly columns: readonly string[];
  peek(): Promise<LakeRow | undefined>;
  take(): Promise<LakeRow | undefined>;
  id(row: LakeRow): LakeValue;
  /** Where a row is in the order. */
  keyOf(row: LakeRow): LakeValue[];
  compare(key: readonly LakeValue[], other: readonly LakeValue[]): number;
  close(): Promise<unknown>;
}

function openStream(
  lake: LakeSql,
  { paths, id, where, order }: { paths: readonly string[]; id: string; where: readonly string[]; order: StreamOrder },
): Stream {
  const names = order.columns.map(({ column }) => (column === 'id' ? id : column));
  const sorted = order.columns.map(({ isDescending }, n) => `${names[n]} ${isDescending ? 'DESC' : 'ASC'}`);
  // Each file has the order of files, and several files have none together.
  const orderBy = order.isOfFile && paths.length === 1 ? '' : ` ORDER BY ${sorted.join(', ')}`;
  const chunks = lake.chunks(`SELECT * FROM ${fromFiles(paths)} WHERE ${['true', ...where].join(' AND ')}${orderBy}`);
  let columns: readonly string[] = [];
  let rows: readonly LakeRow[] = [];
  let at = 0;
  let isEnd = false;
  let read = createValueReader([]);
  const keyOf = (row: LakeRow) => names.map((name) => read(row, name));
  const peek = async () => {
    while (at >= rows.length && !isEnd) {
      const { value, done } = await chunks.next();
      isEnd = done === true;
      if (done) break;
      if (columns.length === 0) read = createValueReader(value.columns);
      const [before, first] = [rows.at(-1), value.rows[0]];
      // Rows that come too late would belong to no invocation any more, and nobody would miss them.
      if (before && first && compareKeys(order, keyOf(before), keyOf(first)) > 0)
        throw new Error(`the rows of ${paths.join(' and ')} are not in the order in which they were asked for`);
      ({ columns, rows } = value);
      at = 0;
    }
    return rows[at];
  };
  return {
    get columns() {
      return columns;
    },
    peek,
    async take() {
      const row = await peek();
      at += 1;
      return row;
    },
    id: (row) => read(row, id),
    keyOf,
    compare: (key, other) => compareKeys(order, key, other),
    close: () => chunks.return(undefined),
  };
}

function compareKeys({ columns }: StreamOrder, key: readonly LakeValue[], other: readonly LakeValue[]): number {
  for (const [n, { isDescending }] of columns.entries()) {
    const [a = null, b = null] = [key[n], other[n]];
    if (a === b) continue;
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(String(a), String(b));
    return isDescending ? -order : order;
  }
  return 0;
}
