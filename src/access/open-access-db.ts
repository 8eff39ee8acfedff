import { type AccessFile, openAccessFile } from './open-access-file.ts';

const MIGRATIONS = [
  `CREATE TABLE requests (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at TEXT NOT NULL,
     request_id TEXT,
     caller TEXT,
     token_id TEXT,
     role TEXT,
     remote_address TEXT NOT NULL,
     method TEXT NOT NULL,
     path TEXT NOT NULL,
     query TEXT NOT NULL,
     status INTEGER NOT NULL,
     outcome TEXT NOT NULL CHECK (outcome IN ('open', 'complete', 'aborted', 'failed')),
     rows INTEGER,
     bytes INTEGER,
     elapsed_ms INTEGER NOT NULL,
     user_agent TEXT
   ) STRICT;
   CREATE INDEX requests_at ON requests (at);
   CREATE INDEX requests_caller ON requests (caller, at);
   CREATE TRIGGER requests_are_final BEFORE UPDATE ON requests WHEN OLD.outcome <> 'open'
   BEGIN SELECT RAISE(ABORT, 'a row of the access log is never changed'); END;`,
  `ALTER TABLE requests ADD COLUMN sql TEXT;
   ALTER TABLE requests ADD COLUMN params TEXT;`,
];

/** The access log: a row for each question that was answered. */
export type AccessDb = AccessFile;

/** Opens the access log (the setting `accessDb`). Throws UserFault where it can't be used. */
export function openAccessDb(path: string): AccessDb {
  return openAccessFile(path, {
    what: 'access log',
    setting: 'SSM_ARCHIVE_ACCESS_DB',
    // 'ssmL'
    applicationId: 0x73736d4c,
    migrations: MIGRATIONS,
  });
}
