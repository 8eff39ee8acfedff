import type { ParameterValue } from '../questions/reports/parameter-value.ts';
import type { SqlValue } from '../questions/sql/sql-values.ts';

/**
 * Returns the values of bindReport as a query takes them: an `integer` is bound as INTEGER and a `real` as REAL,
 * whatever its value.
 */
export function toSqlParams(values: Readonly<Record<string, ParameterValue>>): Record<string, SqlValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, sqlValue(value)]));
}

/** A plain number is bound as INTEGER if it is whole. So only a value that needs another type names its type. */
function sqlValue(value: ParameterValue): SqlValue {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : { integer: String(value) };
  }
  return typeof value === 'number' && Number.isInteger(value) ? { real: value } : value;
}
