import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { SqlFault } from '../../questions/sql/sql-fault.ts';
import { sqlTokens } from '../../questions/sql/sql-tokens.ts';
import type { SqlParams, SqlValue } from '../../questions/sql/sql-values.ts';

type Bound = string | number | bigint | null;

/**
 * Returns the arguments for the driver, checked against the parameters of the SQL. Whole numbers are bound as INTEGER:
 * the driver would make every number REAL. Throws a SqlFault that names the parameters that are missing or not in the
 * SQL.
 */
export function bindParams(sql: string, params: SqlParams = []): unknown[] {
  const names: string[] = [];
  for (const { kind, text } of sqlTokens(sql)) if (kind === 'parameter') names.push(text);
  const isPlace = (name: string) => name.startsWith('?');
  const isByPlace = names.length > 0 ? names.every(isPlace) : isList(params);
  if (names.some(isPlace) && !isByPlace)
    throw fault('The SQL has parameters both by place and by name; use one of the two.');
  return isByPlace ? byPlace(names, params) : byName(names, params);
}

function byPlace(names: readonly string[], params: SqlParams): unknown[] {
  if (!isList(params)) {
    if (names.length > 0) throw fault('The parameters are by place (?): params must be a list.');
    if (Object.keys(params).length > 0) throw unknown(Object.keys(params)[0] ?? '', []);
    return [];
  }
  // Places are numbered as in SQLite: a bare ? has the number after the largest one before it.
  let largest = 0;
  const numbered = new Set<number>();
  for (const name of names) {
    const place = name === '?' ? largest + 1 : Number(name.slice(1));
    largest = Math.max(largest, place);
    if (name !== '?') numbered.add(place);
  }
  if (params.length !== largest)
    throw fault(`The SQL has ${counted(largest, 'parameter')}, and params ${counted(params.length, 'value')}.`);
  // If the SQL has a place with a number (?3), the driver takes its value by that number, as if it were a name. It
  // takes the values of bare places in order.
  const named = [...numbered].map((place) => [place, bound(params[place - 1] ?? null)]);
  const others = params.filter((_, i) => !numbered.has(i + 1)).map(bound);
  return [...others, ...(named.length > 0 ? [Object.fromEntries(named)] : [])];
}

function byName(names: readonly string[], params: SqlParams): unknown[] {
  if (isList(params)) {
    if (params.length > 0 || names.length > 0)
      throw fault(`The parameters are by name: params must have ${[...new Set(names)].join(', ')}.`);
    return [];
  }
  const given = new Map(Object.entries(params).map(([name, value]) => [bare(name), value]));
  const wanted = new Set(names.map(bare));
  // Unknown names are reported first: a mistyped name is usually the reason why a parameter has no value.
  for (const name of given.keys()) if (!wanted.has(name)) throw unknown(name, [...new Set(names)]);
  for (const name of wanted) {
    if (!given.has(name)) throw fault(`The parameter ${names.find((full) => bare(full) === name)} has no value.`);
  }
  return [Object.fromEntries([...given].map(([name, value]) => [name, bound(value)]))];
}

function bound(value: SqlValue): Bound {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value !== null && typeof value === 'object') return 'integer' in value ? BigInt(value.integer) : value.real;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function isList(params: SqlParams): params is readonly SqlValue[] {
  return Array.isArray(params);
}

function bare(name: string): string {
  return name.replace(/^[:@$#]/, '');
}

function unknown(name: string, names: readonly string[]): SqlFault {
  const proposal = proposalOf(nearNames(name, names));
  return fault(
    `The SQL has no parameter ${JSON.stringify(name.slice(0, 60))}${names.length > 0 ? `; it has ${names.join(', ')}` : ''}.${proposal}`,
  );
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function fault(message: string): SqlFault {
  return new SqlFault(message, { kind: 'params' });
}
