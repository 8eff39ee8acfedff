import type { SealedOrder } from '../../archive/sealed/sealed-days.ts';
import type { DayFiles } from '../files/day-files.ts';
import { createValueReader, type RowsOfTable } from '../restore/lake-rows.ts';
import { fromFiles } from './from-files.ts';
import type { LakeSql } from './open-lake-sql.ts';
import { orderSql } from './order-sql.ts';

export interface OrderedQuery {
  files: readonly DayFiles[];
  conditions: readonly string[];
  order: readonly SealedOrder[];
  /** Those of the conditions that are about columns which never change. */
  key: readonly string[];
  limit?: number | undefined;
}

/** From so many files on, it is faster to find the rows first, and to read them from the files that have them. */
const MANY_FILES = 6;
/**
 * No question reads this column of the lake, and it takes longer to unpack than all others together: it can't be
 * compressed.
 */
const COLUMNS = '* EXCLUDE (fingerprint)';

/** Reads invocations that meet conditions, in order. */
export async function readOrdered(lake: LakeSql, query: OrderedQuery): Promise<RowsOfTable> {
  const { conditions, order, key, limit } = query;
  const files = query.files.filter(({ paths }) => paths.invocations !== undefined);
  const select = (columns: string, from: readonly DayFiles[], where: readonly string[], most?: number) => {
    const paths = from.flatMap(({ paths: ofDay }) => ofDay.invocations ?? []);
    const ordered = order.length === 0 ? '' : ` ORDER BY ${orderSql(order)}`;
    const limited = most === undefined ? '' : ` LIMIT ${most}`;
    return `SELECT ${columns} FROM ${fromFiles(paths)} WHERE ${['true', ...where].join(' AND ')}${ordered}${limited}`;
  };
  if (files.length === 0) return { columns: [], rows: [] };
  if (files.length < MANY_FILES) return lake.all(select(COLUMNS, files, conditions, limit));
  const narrow = new Set(['id', 'requested_at', ...order.map(({ column }) => column)]);
  const found = await lake.all(select([...narrow].join(', '), files, conditions, limit));
  if (found.rows.length === 0) return found;
  const read = createValueReader(found.columns);
  const days = new Set(found.rows.map((row) => String(read(row, 'requested_at')).slice(0, 10)));
  const ids = found.rows.map((row) => Number(read(row, 'id')));
  const having = files.filter(({ day }) => days.has(day));
  return lake.all(select(COLUMNS, having, [...key, `id IN (${ids.join(', ')})`]));
}
