import type { ColumnType } from '../../lib/columns/column-file.ts';

const WHOLE = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM|BOOLEAN)$/;

/**
 * Returns the type of a column of a file for a type of DuckDB. What SQLite does not have either is text in an answer,
 * and so it is here; true and false are 1 and 0.
 */
export function columnTypeOf(type: string): ColumnType {
  if (WHOLE.test(type)) return { kind: 'integer' };
  if (type === 'DOUBLE' || type === 'FLOAT') return { kind: 'real' };
  if (type === 'BLOB') return { kind: 'bytes' };
  const [, precision, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type) ?? [];
  if (precision === undefined) return { kind: 'text' };
  return { kind: 'decimal', precision: Number(precision), scale: Number(scale) };
}
