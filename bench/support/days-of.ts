import SQLite from 'better-sqlite3';

/** Returns the days (UTC) on which something of an archive was requested, the oldest first. */
export function daysOf(path: string): string[] {
  const sqlite = new SQLite(path, { readonly: true });
  try {
    return sqlite
      .prepare<[], string>(
        "SELECT DISTINCT substr(requested_at, 1, 10) FROM invocations WHERE requested_at > '1' ORDER BY 1",
      )
      .pluck()
      .all();
  } finally {
    sqlite.close();
  }
}
