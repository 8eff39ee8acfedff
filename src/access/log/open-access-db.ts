import { APPLICATION_IDS } from '../../lib/files/application-ids.ts';
import { type AccessFile, openAccessFile } from '../open-access-file.ts';

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
  // A row of refused attempts has their number and the time of the last attempt. Only the oldest row of the log can be
  // deleted, and only while the table removals has an open row for its day. The open row counts the deleted rows.
  `ALTER TABLE requests ADD COLUMN attempts INTEGER;
   ALTER TABLE requests ADD COLUMN last_at TEXT;
   CREATE INDEX requests_attempts ON requests (at) WHERE attempts IS NOT NULL;
   CREATE TABLE removals (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     day TEXT NOT NULL,
     reason TEXT NOT NULL CHECK (reason IN ('age', 'size')),
     begun_at TEXT NOT NULL,
     ended_at TEXT,
     rows INTEGER NOT NULL DEFAULT 0,
     first_at TEXT,
     last_at TEXT
   ) STRICT;
   CREATE TRIGGER requests_go_by_day BEFORE DELETE ON requests
     WHEN OLD.id <> (SELECT id FROM requests ORDER BY at, id LIMIT 1)
       OR (SELECT iif(ended_at IS NULL, day, NULL) FROM removals ORDER BY id DESC LIMIT 1) IS NOT substr(OLD.at, 1, 10)
   BEGIN SELECT RAISE(ABORT, 'rows leave the access log by whole days, the oldest first, and removals says so'); END;
   CREATE TRIGGER requests_that_go_are_counted AFTER DELETE ON requests
   BEGIN
     UPDATE removals SET rows = rows + 1, first_at = ifnull(first_at, OLD.at), last_at = OLD.at
       WHERE id = (SELECT max(id) FROM removals);
   END;
   CREATE TRIGGER removals_are_final BEFORE UPDATE ON removals WHEN OLD.ended_at IS NOT NULL
   BEGIN SELECT RAISE(ABORT, 'a removal from the access log is never changed'); END;
   CREATE TRIGGER removals_stay BEFORE DELETE ON removals
   BEGIN SELECT RAISE(ABORT, 'a removal from the access log is never forgotten'); END;`,
  'ALTER TABLE requests ADD COLUMN engine TEXT;',
];

/** The access log: a row for each answered request, and rows that count the refused attempts of a minute. */
export type AccessDb = AccessFile;

/** Opens the access log (the setting `accessDb`). Throws UserFault if it can't be used. */
export function openAccessDb(path: string): AccessDb {
  return openAccessFile(path, {
    what: 'access log',
    setting: 'SSM_ARCHIVE_ACCESS_DB',
    applicationId: APPLICATION_IDS.accessDb,
    migrations: MIGRATIONS,
  });
}
