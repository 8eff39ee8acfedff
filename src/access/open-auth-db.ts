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
];

/** The tokens, and the browsers' sessions made with them. Any number of processes may have it open: changes count at once. */
export type AuthDb = AccessFile;

/** Opens the file of tokens (the setting `authDb`). Throws UserFault where it can't be used. */
export function openAuthDb(path: string): AuthDb {
  return openAccessFile(path, {
    what: 'token file',
    setting: 'SSM_ARCHIVE_AUTH_DB',
    // 'ssmT'
    applicationId: 0x73736d54,
    migrations: MIGRATIONS,
  });
}
