import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { SqlFault } from '../../questions/sql/sql-fault.ts';
import type { SqlParams, SqlValue } from '../../questions/sql/sql-values.ts';

/** Binds the values of a query. Throws a SqlFault that names the parameters that are missing or not in the SQL. */
export function bindValues(prepared: DuckDBPreparedStatement, params: SqlParams = []): void {
  const names = Array.from({ length: prepared.parameterCount }, (_, n) => prepared.parameterName(n + 1));
  if (names.every((name) => /^\d+$/.test(name)) && (names.length > 0 || isList(params))) {
    if (!isList(params)) throw fault('The parameters are by place (?): params must be a list.');
    if (params.length !== names.length)
      throw fault(`The SQL has ${counted(names.length, 'parameter')}, and params ${counted(params.length, 'value')}.`);
    for (const [n, name] of names.entries()) bind(prepared, n + 1, params[Number(name) - 1] ?? null);
    return;
  }
  if (isList(params)) throw fault(`The parameters are by name: params must have ${names.map(shown).join(', ')}.`);
  const given = new Map(Object.entries(params).map(([name, value]) => [name.replace(/^[:@$#]/, ''), value]));
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  for (const name of given.keys()) if (!known.has(name.toLowerCase())) throw unknown(name, names);
  const values = new Map([...given].map(([name, value]) => [name.toLowerCase(), value]));
  for (const [n, name] of names.entries()) {
    const value = values.get(name.toLowerCase());
    if (value === undefined) throw fault(`The parameter ${shown(name)} has no value.`);
    bind(prepared, n + 1, value);
  }
}

/** Whole numbers are bound as BIGINT, as SQLite takes them for INTEGER; true and false as 1 and 0. */
function bind(prepared: DuckDBPreparedStatement, place: number, value: SqlValue): void {
  if (value === null) prepared.bindNull(place);
  else if (typeof value === 'string') prepared.bindVarchar(place, value);
  else if (typeof value === 'boolean') prepared.bindBigInt(place, value ? 1n : 0n);
  else if (typeof value === 'object' && 'integer' in value) prepared.bindBigInt(place, BigInt(value.integer));
  else {
    const number = typeof value === 'object' ? value.real : value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) prepared.bindBigInt(place, BigInt(value));
    else prepared.bindDouble(place, number);
  }
}

function isList(params: SqlParams): params is readonly SqlValue[] {
  return Array.isArray(params);
}

const shown = (name: string) => `:${name}`;

function unknown(name: string, names: readonly string[]): SqlFault {
  const has = names.length > 0 ? `; it has ${names.map(shown).join(', ')}` : '';
  return fault(
    `The SQL has no parameter ${JSON.stringify(name.slice(0, 60))}${has}.${proposalOf(nearNames(name, names))}`,
  );
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function fault(message: string): SqlFault {
  return new SqlFault(message, { kind: 'params' });
}
