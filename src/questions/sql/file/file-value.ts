import type { ColumnType, FileCell } from '../../../lib/columns/column-file.ts';
import type { SqlCell } from '../encode-value.ts';
import { SqlFault } from '../sql-fault.ts';

/** A value of an answer, before the type of its column is known. What only DuckDB has is text: DECIMAL, and NaN. */
export type FileValue = SqlCell | { readonly text: string };

/** Returns the value as one of the type, without any loss; undefined if the type has no such value. */
export function fitValue({ kind }: ColumnType, value: FileValue): FileCell | undefined {
  if (value === null) return null;
  switch (kind) {
    case 'integer':
      return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined;
    case 'real':
      return realOf(value);
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'bytes':
      return value instanceof Uint8Array ? value : undefined;
    case 'decimal':
      return isText(value) && /^-?\d+(\.\d+)?$/.test(value.text) ? BigInt(value.text.replace('.', '')) : undefined;
  }
}

function realOf(value: FileValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : undefined;
  return isText(value) && value.text === 'NaN' ? Number.NaN : undefined;
}

function isText(value: FileValue): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value;
}

interface Refused {
  /** The number of the row, from 1. */
  row: number;
  name: string;
  type: ColumnType;
  value: FileValue;
  /** Whether no row before has a value in the column. */
  isFirst: boolean;
}

const HAS: Readonly<Record<ColumnType['kind'], string>> = {
  integer: 'whole numbers',
  real: 'numbers with a fraction',
  text: 'text',
  bytes: 'bytes',
  decimal: 'decimal numbers',
};

/** Returns the error that says which value does not fit into its column, and what to write instead. */
export function refuseValue({ row, name, type, value, isFirst }: Refused): SqlFault {
  const where = `in the column ${JSON.stringify(name.slice(0, 60).toWellFormed())}`;
  const sentence = (what: string, why: string, casts: string) =>
    new SqlFault(`Row ${row} has ${what} ${where}, ${why}. Write ${casts} around it in the query.`, { kind: 'sql' });
  if (typeof value === 'bigint' && type.kind === 'integer')
    return sentence(
      String(value),
      'and a whole number of such a file has 64 bits at most',
      'CAST(… AS TEXT), which keeps all digits, or CAST(… AS DOUBLE)',
    );
  if (typeof value === 'bigint' && type.kind === 'real')
    return sentence(
      String(value),
      'which has numbers with a fraction in other rows: as one of these, it would lose digits',
      'CAST(… AS TEXT)',
    );
  const had = isFirst ? 'only NULL' : HAS[type.kind];
  return sentence(
    wordOf(value),
    `which has ${had} in the rows before it; a column of such a file has one type`,
    isFirst ? `CAST(… AS ${castOf(value)})` : 'CAST(… AS TEXT)',
  );
}

function wordOf(value: FileValue): string {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'bigint') return 'a whole number';
  return value instanceof Uint8Array ? 'bytes' : 'a number with a fraction';
}

function castOf(value: FileValue): string {
  if (typeof value === 'bigint') return 'INTEGER';
  if (value instanceof Uint8Array) return 'BLOB';
  return typeof value === 'string' ? 'TEXT' : 'DOUBLE';
}
