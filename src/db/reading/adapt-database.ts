import type { DatabaseSync } from 'node:sqlite';
import type { BackupOptions, Database } from 'better-sqlite3';
import { sqlTokens } from '../../questions/sql/sql-tokens.ts';
import { adaptErrors } from './adapt-error.ts';
import { adaptStatement, adaptValue } from './adapt-statement.ts';

const PAGES_AT_ONCE = 100;

/** Copies a database, like the function in Node's SQLite. */
export type Backup = (
  source: DatabaseSync,
  target: string,
  options: { rate: number; progress(progress: { totalPages: number; remainingPages: number }): void },
) => Promise<unknown>;

interface FunctionOptions {
  varargs?: boolean;
  deterministic?: boolean;
  directOnly?: boolean;
  safeIntegers?: boolean;
}

type AnyFunction = (...values: unknown[]) => unknown;

/**
 * Wraps Node's own SQLite in the members of better-sqlite3 that reading uses. The missing members are those that write:
 * a file that is open only for reading does not need them.
 */
export function adaptDatabase(sqlite: DatabaseSync, name: string, backup: Backup): Database {
  const database = {
    ...{ name, memory: false, readonly: true },
    get open() {
      return sqlite.isOpen;
    },
    get inTransaction() {
      return sqlite.isTransaction;
    },
    prepare(source: string) {
      if (hasMore(source)) throw new RangeError('The supplied SQL string contains more than one statement');
      return adaptStatement(sqlite, source, database);
    },
    exec(source: string) {
      adaptErrors(() => sqlite.exec(source));
      return database;
    },
    pragma(source: string, { simple = false } = {}) {
      const statement = database.prepare(`PRAGMA ${source}`);
      return simple ? statement.pluck().get() : statement.all();
    },
    transaction(work: AnyFunction) {
      const begin =
        (how: string) =>
        (...values: unknown[]) => {
          if (database.inTransaction) return work(...values);
          database.exec(`BEGIN ${how}`);
          try {
            const result = work(...values);
            database.exec('COMMIT');
            return result;
          } catch (error) {
            if (database.inTransaction) database.exec('ROLLBACK');
            throw error;
          }
        };
      const run = begin('');
      return Object.assign(run, {
        default: run,
        ...{ deferred: begin('DEFERRED'), immediate: begin('IMMEDIATE'), exclusive: begin('EXCLUSIVE') },
      });
    },
    function(named: string, options: FunctionOptions | AnyFunction, given?: AnyFunction) {
      const work = typeof options === 'function' ? options : given;
      const { safeIntegers = false, ...others } = typeof options === 'function' ? {} : options;
      if (work === undefined) throw new TypeError('Expected a function');
      const adapted = (...values: unknown[]) => {
        const result = work(...values.map(adaptValue));
        return isValue(result) ? result : null;
      };
      // Both drivers read from it how many arguments SQL must give.
      Object.defineProperty(adapted, 'length', { value: work.length });
      adaptErrors(() => sqlite.function(named, { ...others, useBigIntArguments: safeIntegers }, adapted));
      return database;
    },
    async backup(target: string, { progress }: Partial<BackupOptions> = {}) {
      let failed: { error: unknown } | undefined;
      await backup(sqlite, target, {
        rate: PAGES_AT_ONCE,
        progress(at) {
          try {
            progress?.(at);
          } catch (error) {
            failed ??= { error };
          }
        },
      });
      // An error of `progress` would not end the copy in Node's SQLite, so it is thrown here.
      if (failed) throw failed.error;
      return { totalPages: 0, remainingPages: 0 };
    },
    close() {
      if (sqlite.isOpen) sqlite.close();
      return database;
    },
  };
  return standIn(database);
}

/**
 * Presents the members above as a whole database of better-sqlite3; only this function does so. Code that uses another
 * member gets an error with the member's name.
 */
function standIn(database: object): Database {
  return new Proxy(database, {
    get(target, member, receiver) {
      if (typeof member === 'string' && !(member in target) && member !== 'then' && member !== 'constructor')
        throw new Error(`An archive that is read by Node's SQLite has no ${member}.`);
      return Reflect.get(target, member, receiver);
    },
  }) as Database;
}

function isValue(value: unknown): value is null | number | bigint | string | Uint8Array {
  return value === null || ['number', 'bigint', 'string'].includes(typeof value) || value instanceof Uint8Array;
}

/** Whether there is a second statement, which Node's SQLite would ignore. */
function hasMore(source: string): boolean {
  let isEnded = false;
  for (const { kind, text } of sqlTokens(source)) {
    if (kind === 'space' || kind === 'comment') continue;
    if (kind === 'operator' && text === ';') isEnded = true;
    else if (isEnded) return true;
  }
  return false;
}
