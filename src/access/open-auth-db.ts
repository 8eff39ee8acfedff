import { APPLICATION_IDS } from '../lib/files/application-ids.ts';
import { type AccessFile, openAccessFile } from './open-access-file.ts';

const MIGRATIONS = [
  `CREATE TABLE tokens (
     id TEXT PRIMARY KEY,
     digest BLOB NOT NULL CHECK (length(digest) = 32),
     name TEXT NOT NULL,
     role TEXT NOT NULL CHECK (role IN ('reader', 'sql', 'operator')),
     created_at TEXT NOT NULL,
     expires_at TEXT,
     last_used_at TEXT,
     revoked_at TEXT
   ) STRICT;
   CREATE INDEX tokens_name ON tokens (name);
   CREATE TABLE sessions (
     id TEXT PRIMARY KEY,
     digest BLOB NOT NULL CHECK (length(digest) = 32),
     token_id TEXT NOT NULL REFERENCES tokens (id),
     created_at TEXT NOT NULL,
     expires_at TEXT NOT NULL
   ) STRICT;
   CREATE INDEX sessions_expires_at ON sessions (expires_at);`,
  // An access key is a token that signs, so its secret must be stored as it is. NULL in accounts and regions means all.
  `ALTER TABLE tokens ADD COLUMN secret_access_key TEXT;
   ALTER TABLE tokens ADD COLUMN accounts_json TEXT;
   ALTER TABLE tokens ADD COLUMN regions_json TEXT;
   CREATE TABLE server_secrets (name TEXT PRIMARY KEY, secret BLOB NOT NULL) STRICT;`,
];

/**
 * The tokens and access keys, the browsers' sessions, and the server's own secrets. Any number of processes may have
 * the file open, and each sees a change at once.
 */
export type AuthDb = AccessFile;

/** Opens the file of tokens (the setting `authDb`). Throws UserFault if it can't be used. */
export function openAuthDb(path: string): AuthDb {
  return openAccessFile(path, {
    what: 'file of tokens',
    setting: 'SSM_ARCHIVE_AUTH_DB',
    applicationId: APPLICATION_IDS.authDb,
    migrations: MIGRATIONS,
  });
}
