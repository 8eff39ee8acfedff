import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { afterAll } from 'vitest';
import { openArchive, openArchiveReadOnly } from '../../../src/db/open.ts';
import { openQuery } from '../../../src/processes/sql/open-query.ts';
import type { SqlCell } from '../../../src/questions/sql/encode-value.ts';
import { SqlFault } from '../../../src/questions/sql/sql-fault.ts';
import type { SqlParams } from '../../../src/questions/sql/sql-values.ts';

export interface SqlTrial {
  sqlite: Database;
  rows(sql: string, params?: SqlParams): SqlCell[][];
  /** Returns the fault that the query must have. */
  fault(sql: string, params?: SqlParams): SqlFault;
}

/**
 * Opens an empty archive as a reading process does, and removes it after the tests. A test file must call this at its
 * top level. With `wal`, the archive is in the state in which an older version left it, so Node's own SQLite reads it.
 */
export function sqlTrial(wal = false): SqlTrial {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-sql-'));
  const path = join(folder, 'archive.db');
  openArchive(path).close();
  if (wal) turnToWal(path);
  const { sqlite, close } = openArchiveReadOnly(path);
  afterAll(() => {
    close();
    rmSync(folder, { recursive: true });
  });
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('trusted_schema = OFF');
  const rows = (sql: string, params?: SqlParams) => [...openQuery(sqlite, { sql, params }, () => {}).rows];
  return {
    sqlite,
    rows,
    fault(sql, params) {
      try {
        rows(sql, params);
      } catch (error) {
        if (error instanceof SqlFault) return error;
        throw error;
      }
      throw new Error(`The query was answered:  ${sql.slice(0, 200)}`);
    },
  };
}

function turnToWal(path: string): void {
  const sqlite = new SQLite(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.close();
}
