import type { ColumnType } from '../../lib/columns/column-file.ts';
import type { FileValue } from '../../questions/sql/file/file-value.ts';

/** The declared types of a STRICT table. */
const DECLARED: Readonly<Record<string, ColumnType['kind'] & ('integer' | 'real' | 'text' | 'bytes')>> = {
  INT: 'integer',
  INTEGER: 'integer',
  REAL: 'real',
  TEXT: 'text',
  BLOB: 'bytes',
};

/**
 * Returns the type of a column of SQLite, in which each value has a type of its own: that of the first value. If whole
 * numbers and others are mixed, as avg and coalesce(…, 0) mix them, all are doubles. A column with nothing but NULL has
 * its declared type, and is text if it has none.
 */
export function columnTypeOf(declared: string | undefined, values: readonly FileValue[]): ColumnType {
  let kind: ReturnType<typeof kindOf>;
  for (const value of values) {
    const own = kindOf(value);
    if (kind === 'integer' && own === 'real') kind = 'real';
    kind ??= own;
  }
  const usual = declared === undefined ? undefined : DECLARED[declared.toUpperCase()];
  return { kind: kind ?? usual ?? 'text' };
}

function kindOf(value: FileValue): 'integer' | 'real' | 'text' | 'bytes' | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return 'text';
  if (typeof value === 'bigint') return 'integer';
  return value instanceof Uint8Array ? 'bytes' : 'real';
}
