import SQLite from 'better-sqlite3';

/** What a pass can have recorded of a source. */
export interface KnownSource {
  alias: string;
  accountId: string;
  region: string;
}

/**
 * Whether all that an archive has was collected from these sources, and from no other was even tried; false where that can't be found out. It
 * reads archives of any version, since what it asks has been there from the first on.
 */
export function isOnlyOf(path: string, sources: readonly KnownSource[]): boolean {
  let sqlite: SQLite.Database | undefined;
  try {
    // A connection that may only read would leave a -wal and a -shm behind.
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
