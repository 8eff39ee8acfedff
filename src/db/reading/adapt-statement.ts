import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { sqlTokens } from '../../questions/sql/sql-tokens.ts';
import { adaptError, adaptErrors } from './adapt-error.ts';
import { type NamedPlaces, numberPlaces } from './number-places.ts';

/** In which form a row is given: an object by the names of its columns, its first value, an array, or an object a table. */
type Form = 'object' | 'first' | 'array' | 'tables';

/** A value as the driver gives it, which knows blobs as Buffer. */
export function adaptValue(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** A statement of Node's SQLite with the members of one of better-sqlite3, as far as what reads uses them. */
export function adaptStatement(sqlite: DatabaseSync, source: string, database: unknown) {
  const places = numberPlaces(source);
  const statement = adaptErrors(() => sqlite.prepare(places?.sql ?? source));
  const ask = <Name extends keyof Calls>(name: Name, params: readonly unknown[]) =>
    call(statement, name, places ? [byName(places, params.flat())] : params);
  // Arrays keep columns of one name apart.
  statement.setReturnArrays(true);
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

/** Lists are values by place, as the driver takes them; an object is values by name, and comes first here. */
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

/** As the driver fills places: those that have a number by that, as a name, and all others in order. */
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

/** Whether it would begin to write: its program says so, which is not run. */
function writes(sqlite: DatabaseSync, source: string): boolean {
  try {
    const steps = sqlite.prepare(`EXPLAIN ${withoutExplain(source)}`).all();
    return steps.some(({ opcode, p2 }) => opcode === 'Transaction' && p2 !== 0);
  } catch {
    // The next to prepare it says what is wrong.
    return false;
  }
}

/** The statement that an EXPLAIN is of: EXPLAIN itself can't be explained. */
function withoutExplain(source: string): string {
  const words = ['explain', 'query', 'plan'];
  for (const { kind, text, start } of sqlTokens(source)) {
    if (kind === 'space' || kind === 'comment') continue;
    if (kind !== 'word' || text.toLowerCase() !== words.shift()) return source.slice(start);
  }
  return source;
}
