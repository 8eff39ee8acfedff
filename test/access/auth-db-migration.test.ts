import { statSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AuthDb, openAuthDb } from '../../src/access/open-auth-db.ts';
import { serverSecret } from '../../src/access/server-secret.ts';
import { verifySession } from '../../src/access/sessions/verify-session.ts';
import { createAccessKey } from '../../src/access/tokens/create-access-key.ts';
import { findAccessKey } from '../../src/access/tokens/find-access-key.ts';
import { hasToken } from '../../src/access/tokens/has-token.ts';
import { listTokens } from '../../src/access/tokens/list-tokens.ts';
import { verifyToken } from '../../src/access/tokens/verify-token.ts';
import { openNextToken, sealNextToken } from '../../src/http/aws/next-token.ts';
import { sha256 } from '../../src/lib/sha256.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { accessTrial, START } from './access-trial.ts';

/** Creates the tables as the first release did. */
const VERSION_1 = `
  CREATE TABLE tokens (
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
  CREATE INDEX sessions_expires_at ON sessions (expires_at);
  PRAGMA application_id = ${0x73736d54};
  PRAGMA user_version = 1;`;

const TOKEN = `ssm_${'a'.repeat(43)}`;
const REVOKED = `ssm_${'b'.repeat(43)}`;
const SESSION = `ssms_${'c'.repeat(43)}`;
const now = () => new Date(START);

/** Makes a file of version 1 with a live token, a revoked one, and a session. */
function oldFile(): string {
  const path = join(tempFolder(), 'auth.db');
  const sqlite = new SQLite(path);
  sqlite.exec(VERSION_1);
  const insert = sqlite.prepare('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const made = '2026-01-01T00:00:00.000Z';
  insert.run(TOKEN.slice(0, 12), sha256(TOKEN), 'old', 'operator', made, null, made, null);
  insert.run(REVOKED.slice(0, 12), sha256(REVOKED), 'gone', 'reader', made, null, null, made);
  sqlite
    .prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?)')
    .run(SESSION.slice(0, 13), sha256(SESSION), TOKEN.slice(0, 12), made, '2026-12-31T00:00:00.000Z');
  sqlite.close();
  return path;
}

function open(path: string): AuthDb {
  const authDb = openAuthDb(path);
  onTestFinished(() => authDb.close());
  return authDb;
}

function schemaOf(path: string) {
  const sqlite = new SQLite(path, { readonly: true });
  try {
    const tables = sqlite.pragma('table_list') as { name: string; strict: number }[];
    const columns = ['tokens', 'sessions', 'server_secrets'].map((table) => sqlite.pragma(`table_info(${table})`));
    const strict = tables.filter(({ name }) => !name.startsWith('sqlite_')).map(({ name, strict }) => [name, strict]);
    const version = sqlite.pragma('user_version', { simple: true });
    return { version, strict: strict.sort(), columns, faults: sqlite.pragma('integrity_check', { simple: true }) };
  } finally {
    sqlite.close();
  }
}

describe('a file of tokens from a version without access keys', () => {
  it('gets the same tables as a new file', () => {
    const path = oldFile();
    open(path);
    const { authPath } = accessTrial();
    expect(schemaOf(path)).toEqual(schemaOf(authPath));
    expect(schemaOf(path)).toMatchObject({ version: 2, faults: 'ok' });
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  });

  it('keeps its tokens and sessions, which are for every account, and accepts access keys', () => {
    const authDb = open(oldFile());
    const deps = { authDb, now };
    const all = { kind: 'token', accounts: null, regions: null };
    expect(listTokens(deps)).toMatchObject([
      { ...all, name: 'old', role: 'operator', state: 'live', lastUsedAt: '2026-01-01T00:00:00.000Z' },
      { ...all, name: 'gone', role: 'reader', state: 'revoked', lastUsedAt: null },
    ]);
    expect(hasToken(authDb)).toBe(true);
    expect(verifyToken(deps, TOKEN)).toMatchObject({ state: 'live', caller: { name: 'old', role: 'operator' } });
    expect(verifyToken(deps, REVOKED)).toMatchObject({ state: 'revoked' });
    expect(verifySession(deps, SESSION)).toMatchObject({ state: 'live', caller: { name: 'old' } });
    expect(findAccessKey(authDb, TOKEN.slice(0, 12))).toBeUndefined();
    const key = {
      name: 'new',
      role: 'reader',
      expiresAt: undefined,
      accounts: ['111122223333'],
      regions: undefined,
    } as const;
    const made = createAccessKey({ ...deps, random: (size) => Buffer.alloc(size, 1) }, key);
    expect(findAccessKey(authDb, made.accessKeyId)).toMatchObject({ accountsJson: '["111122223333"]' });
  });

  it('is migrated once, no matter which process opens it first', () => {
    const path = oldFile();
    const [first, second] = [open(path), open(path)];
    const secret = serverSecret({ authDb: first, random: (size) => Buffer.alloc(size, 1) }, 'a');
    expect(serverSecret({ authDb: second, random: (size) => Buffer.alloc(size, 2) }, 'a')).toBe(secret);
    expect(listTokens({ authDb: second, now })).toHaveLength(2);
  });
});

describe('a secret of the server', () => {
  it('is generated once per name, and is the same after the file was opened again', () => {
    const { authDb, authPath, random } = accessTrial();
    const secret = serverSecret({ authDb, random }, 'a');
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(serverSecret({ authDb, random }, 'a')).toBe(secret);
    expect(serverSecret({ authDb: open(authPath), random }, 'a')).toBe(secret);
    expect(serverSecret({ authDb, random }, 'b')).not.toBe(secret);
  });

  it('cannot open a NextToken that was made with the secret of another file', () => {
    const [own, other] = [accessTrial(), accessTrial()].map((trial) => serverSecret(trial, 'aws-next-token'));
    if (own === undefined || other === undefined) throw new Error('There are no secrets.');
    const scope = { accountId: '111122223333', region: 'eu-west-1', signal: new AbortController().signal };
    const listing = { operation: 'ListCommands', scope, parameters: [] };
    const token = sealNextToken(own, listing, 'cursor');
    expect(openNextToken(own, listing, token)).toBe('cursor');
    expect(() => openNextToken(other, listing, token)).toThrow(expect.objectContaining({ code: 'InvalidNextToken' }));
  });
});
