import type { SqlValue } from '../processes/sql/bind-params.ts';
import type { ParameterValue } from '../questions/reports/parameter-value.ts';

/** What bindReport gives, as a query takes it: an `integer` is bound as INTEGER and a `real` as REAL, whatever it is. */
export function toSqlParams(values: Readonly<Record<string, ParameterValue>>): Record<string, SqlValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, sqlValue(value)]));
}

/** A plain number is bound as INTEGER where it is whole: only what would be bound otherwise than it is says what it is. */
function sqlValue(value: ParameterValue): SqlValue {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : { integer: String(value) };
  }
  return typeof value === 'number' && Number.isInteger(value) ? { real: value } : value;
}
