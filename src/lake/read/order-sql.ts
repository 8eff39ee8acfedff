import type { SealedOrder } from '../../archive/sealed/sealed-days.ts';
import type { KeyPosition } from '../../lib/keyset.ts';
import { literal } from './from-files.ts';

/** Returns the text for ORDER BY. */
export function orderSql(order: readonly SealedOrder[]): string {
  return order.map(({ column, isDescending }) => `${column} ${isDescending ? 'DESC' : 'ASC'}`).join(', ');
}

/**
 * Returns the condition for what comes after a place. No sealed invocation has NULL in a column of an order, and NULL
 * sorts before everything else: so all of them come after it in ascending order, and none in descending order.
 */
export function afterSql(order: readonly SealedOrder[], position: KeyPosition): string {
  const [first, ...others] = order;
  const [value, ...otherValues] = position;
  if (!first || value === undefined) return 'false';
  if (value === null) return first.isDescending ? 'false' : 'true';
  const beyond = `${first.column} ${first.isDescending ? '<' : '>'} ${literal(value)}`;
  if (others.length === 0) return beyond;
  const tie = `(${first.column} = ${literal(value)} AND ${afterSql(others, otherValues)})`;
  // The first part is what DuckDB compares with the ranges of a file's row groups.
  return `(${first.column} ${first.isDescending ? '<=' : '>='} ${literal(value)} AND (${beyond} OR ${tie}))`;
}
