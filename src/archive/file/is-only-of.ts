import SQLite from 'better-sqlite3';

/** A source that was collected, with the names that passes may have recorded for it. */
export interface KnownSource {
  alias: string;
  accountId: string;
  region: string;
}

/**
 * Whether everything in an archive was collected from these sources, and no other source was even tried. False if that
 * can't be found out. Works for archives of any version, because every version has the tables that it reads.
 */
export function isOnlyOf(path: string, sources: readonly KnownSource[]): boolean {
  let sqlite: SQLite.Database | undefined;
  try {
    // A read-only connection would leave a -wal and a -shm behind.
    sqlite = new SQLite(path, { fileMustExist: true });
    sqlite.pragma('query_only = ON');
    const known = JSON.stringify(sources.map(({ accountId, region }) => `${accountId} ${region}`));
    const aliases = JSON.stringify(sources.map(({ alias }) => alias));
    const others = sqlite
      .prepare<[string, string, string], number>(
        `SELECT EXISTS (SELECT 1 FROM coverage WHERE account_id || ' ' || region NOT IN (SELECT value FROM json_each(?)))
          OR EXISTS (SELECT 1 FROM invocations WHERE account_id || ' ' || region NOT IN (SELECT value FROM json_each(?)))
          OR EXISTS (SELECT 1 FROM run_sources WHERE alias NOT IN (SELECT value FROM json_each(?)))`,
      )
      .pluck()
      .get(known, known, aliases);
    return others === 0;
  } catch {
    return false;
  } finally {
    sqlite?.close();
  }
}
