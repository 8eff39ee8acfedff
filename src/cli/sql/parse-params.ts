import { UserFault } from '../../lib/errors/user-fault.ts';
import type { SqlParams, SqlValue } from '../../questions/sql/sql-values.ts';
import { writtenValue } from '../../questions/sql/written-value.ts';

/**
 * Returns the values of --param: `name=value` by name, `1=value` by place, and a name alone for NULL. Each value is
 * read by writtenValue. Throws UserFault if a name is given twice, if names are mixed with places, or if a place is
 * missing.
 */
export function parseParams(given: readonly string[]): SqlParams {
  const values = new Map<string, SqlValue>();
  for (const text of given) {
    const [, prefixed = '', value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(text) ?? [];
    const name = prefixed.replace(/^[:@$?]/, '');
    if (name === '') throw wrongCall(`--param must be name=value, or a name alone for NULL, not "${text}".`);
    if (values.has(name)) throw wrongCall(`--param ${name} is given twice.`);
    values.set(name, value === undefined ? null : writtenValue(value, Date.now()));
  }
  const places = [...values.keys()].filter((name) => /^\d+$/.test(name));
  if (places.length === 0) return Object.fromEntries(values);
  if (places.length < values.size)
    throw wrongCall('--param has values both by name and by place (1=…); a query takes one of the two.');
  return places.map((_, i) => {
    const value = values.get(String(i + 1));
    if (value === undefined) throw wrongCall(`--param has no ${i + 1}=…: places count from 1, without a gap.`);
    return value;
  });
}

function wrongCall(sentence: string): UserFault {
  return new UserFault(sentence, { exitCode: 2 });
}
