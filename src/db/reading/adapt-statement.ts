import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { sqlTokens } from '../../questions/sql/sql-tokens.ts';
import { adaptError, adaptErrors } from './adapt-error.ts';
import { type NamedPlaces, numberPlaces } from './number-places.ts';

/** The form of a row: an object by column names, its first value, an array, or an object per table. */
type Form = 'object' | 'first' | 'array' | 'tables';

/** Returns a value as better-sqlite3 does, with blobs as Buffer. */
export function adaptValue(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** Wraps a statement of Node's SQLite in the members of better-sqlite3's statement that reading uses. */
export function adaptStatement(sqlite: DatabaseSync, source: string, database: unknown) {
  const places = numberPlaces(source);
  const statement = adaptErrors(() => sqlite.prepare(places?.sql ?? source));
  const ask = <Name extends keyof Calls>(name: Name, params: readonly unknown[]) =>
    call(statement, name, places ? [byName(places, params.flat())] : params);
  // Arrays keep columns with the same name apart.
  statement.setReturnArrays(true);
  // better-sqlite3 takes an object that has more members than the statement has parameters.
  statement.setAllowUnknownNamedParameters(true);
  let form: Form = 'object';
  let bound: unknown[] | undefined;
  const columns = adaptErrors(() => statement.columns()).map(({ name, column, table, database: of, type }) => ({
    ...{ name, column, table, database: of, type },
  }));

  function rowOf(values: unknown[]): unknown {
    if (form === 'first') return adaptValue(values[0]);
    if (form === 'array') return values.map(adaptValue);
    if (form === 'object') return Object.fromEntries(columns.map(({ name }, i) => [name, adaptValue(values[i])]));
    const tables: Record<string, Record<string, unknown>> = {};
    for (const [i, { name, table }] of columns.entries()) {
      const of = table ?? '$';
      tables[of] = { ...tables[of], [name]: adaptValue(values[i]) };
    }
    return tables;
  }

  function toggle(wanted: Form, isOn: boolean) {
    if (isOn) form = wanted;
    else if (form === wanted) form = 'object';
    return adapted;
  }

  const adapted = {
    ...{ source, database },
    busy: false,
    get reader() {
      return columns.length > 0;
    },
    get readonly() {
      return !writes(sqlite, source);
    },
    columns: () => columns,
    pluck: (isOn = true) => toggle('first', isOn),
    raw: (isOn = true) => toggle('array', isOn),
    expand: (isOn = true) => toggle('tables', isOn),
    safeIntegers(isOn = true) {
      statement.setReadBigInts(isOn);
      return adapted;
    },
    bind(...params: unknown[]) {
      bound = params;
      return adapted;
    },
    get(...params: unknown[]) {
      const row = adaptErrors(() => ask('get', bound ?? params));
      return Array.isArray(row) ? rowOf(row) : undefined;
    },
    all(...params: unknown[]) {
      const rows = adaptErrors(() => ask('all', bound ?? params));
      return rows.map((row) => rowOf(Array.isArray(row) ? row : []));
    },
    *iterate(...params: unknown[]) {
      try {
        for (const row of ask('iterate', bound ?? params)) yield rowOf(Array.isArray(row) ? row : []);
      } catch (error) {
        throw adaptError(error);
      }
    },
    run(...params: unknown[]) {
      const { changes, lastInsertRowid } = adaptErrors(() => ask('run', bound ?? params));
      return { changes: Number(changes), lastInsertRowid };
    },
  };
  return adapted;
}

interface Calls {
  get: Record<string, SQLOutputValue> | undefined;
  all: Record<string, SQLOutputValue>[];
  iterate: Iterable<Record<string, SQLOutputValue>>;
  run: { changes: number | bigint; lastInsertRowid: number | bigint };
}

/**
 * Calls a statement with parameters as better-sqlite3 takes them: lists are values by place, an object is values by
 * name. Node's SQLite takes the object first.
 */
function call<Name extends keyof Calls>(statement: StatementSync, name: Name, params: readonly unknown[]): Calls[Name];
function call(statement: StatementSync, name: keyof Calls, params: readonly unknown[]): Calls[keyof Calls] {
  const flat = params.flat();
  const named = flat.find(isNamed);
  const values = flat.filter((value) => !isNamed(value)).map(inputOf);
  if (named !== undefined) return statement[name](named, ...values);
  return statement[name](...values);
}

function isNamed(value: unknown): value is Record<string, SQLInputValue> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

function inputOf(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError('SQLite3 can only bind numbers, strings, bigints, buffers, and null');
}

/**
 * Assigns values to places as better-sqlite3 does: a numbered place takes the named value with that number, all others
 * take values in order.
 */
function byName({ names, numbered }: NamedPlaces, params: readonly unknown[]): Record<string, SQLInputValue> {
  const named = params.find(isNamed) ?? {};
  const others = params.filter((value) => !isNamed(value));
  const values: Record<string, SQLInputValue> = {};
  for (const [i, name] of names.entries()) {
    const value = numbered.has(i + 1) ? named[i + 1] : others.shift();
    if (name !== undefined) values[name] = inputOf(value ?? null);
  }
  return values;
}

/** Whether the SQL would write. EXPLAIN shows this without running the SQL. */
function writes(sqlite: DatabaseSync, source: string): boolean {
  try {
    const steps = sqlite.prepare(`EXPLAIN ${withoutExplain(source)}`).all();
    return steps.some(({ opcode, p2 }) => opcode === 'Transaction' && p2 !== 0);
  } catch {
    // The next prepare reports what is wrong.
    return false;
  }
}

/** Returns the statement after EXPLAIN, because EXPLAIN itself can't be explained. */
function withoutExplain(source: string): string {
  const words = ['explain', 'query', 'plan'];
  for (const { kind, text, start } of sqlTokens(source)) {
    if (kind === 'space' || kind === 'comment') continue;
    if (kind !== 'word' || text.toLowerCase() !== words.shift()) return source.slice(start);
  }
  return source;
}
