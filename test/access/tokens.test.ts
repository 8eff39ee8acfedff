import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAuthDb } from '../../src/access/open-auth-db.ts';
import { hasRole, ROLES } from '../../src/access/roles.ts';
import { matchesDigest } from '../../src/access/secret.ts';
import { createSession } from '../../src/access/sessions/create-session.ts';
import { endSession } from '../../src/access/sessions/end-session.ts';
import { verifySession } from '../../src/access/sessions/verify-session.ts';
import { createToken, TokenRefused } from '../../src/access/tokens/create-token.ts';
import { hasLiveToken, hasToken } from '../../src/access/tokens/has-token.ts';
import { listTokens } from '../../src/access/tokens/list-tokens.ts';
import { NoSuchToken, revokeToken } from '../../src/access/tokens/revoke-token.ts';
import { verifyToken } from '../../src/access/tokens/verify-token.ts';
import { openArchive } from '../../src/db/open.ts';
import { UserFault } from '../../src/lib/errors/user-fault.ts';
import { sha256 } from '../../src/lib/sha256.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { isWithoutMounts, NEEDS_MOUNTS, smallDisk } from '../small-disk.ts';
import { accessTrial, START } from './access-trial.ts';

describe('a token', () => {
  it('has 256 random bits after a prefix that secret scanners recognize, and its beginning is its id', () => {
    const { deps } = accessTrial();
    const { token, view } = createToken(deps, { name: 'auditor', role: 'reader', expiresAt: undefined });
    expect(token).toMatch(/^ssm_[\w-]{43}$/);
    expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32);
    expect(view).toEqual({
      ...{ kind: 'token', accounts: null, regions: null },
      id: token.slice(0, 12),
      name: 'auditor',
      role: 'reader',
      state: 'live',
      createdAt: START,
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
    });
    expect(verifyToken(deps, token)).toMatchObject({
      state: 'live',
      caller: { name: 'auditor', role: 'reader', tokenId: view.id },
    });
  });

  it('is not in the files, which have only its hash; nor is the secret of a session', () => {
    const { deps, folder, make } = accessTrial();
    const token = make('reader');
    const { secret } = createSession(deps, { tokenId: token.slice(0, 12), tokenExpiresAt: null });
    verifyToken(deps, token);
    const files = readdirSync(folder).filter((name) => name.startsWith('auth.db'));
    const bytes = Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
    expect(bytes.includes(token.slice(0, 12))).toBe(true);
    expect(bytes.includes(createHash('sha256').update(token).digest())).toBe(true);
    for (const text of [token, secret]) {
      const random = text.replace(/^ssms?_/, '');
      expect(bytes.includes(random.slice(8))).toBe(false);
      expect(bytes.includes(random.slice(8, 24))).toBe(false);
      expect(bytes.includes(Buffer.from(random, 'base64url').subarray(8))).toBe(false);
    }
  });

  it('is unknown if any part of it is wrong, even if its id is right', () => {
    const { deps, make } = accessTrial();
    const token = make('reader');
    const changed = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    for (const wrong of [
      '',
      'ssm_',
      changed(5),
      changed(20),
      changed(40),
      `${token}A`,
      token.slice(0, -1),
      'x'.repeat(9999),
    ])
      expect(verifyToken(deps, wrong), wrong.slice(0, 50)).toEqual({ state: 'unknown' });
    expect(verifyToken(deps, token).state).toBe('live');
  });

  it('is compared in full even if no token has its id, and then never matches', () => {
    expect(matchesDigest('a', sha256('a'))).toBe(true);
    expect(matchesDigest('a', sha256('b'))).toBe(false);
    expect(matchesDigest('a', undefined)).toBe(false);
    // timingSafeEqual would refuse a digest of another length instead of comparing it.
    expect(() => matchesDigest('a', Buffer.alloc(31))).toThrow(RangeError);
  });

  it('expires at its time, and is refused as expired from then on', () => {
    const { deps, make, pass } = accessTrial();
    const token = make('reader', 'short', new Date(Date.parse(START) + HOUR_MS));
    pass(HOUR_MS - 1);
    expect(verifyToken(deps, token).state).toBe('live');
    pass(1);
    expect(verifyToken(deps, token)).toEqual({
      state: 'expired',
      name: 'short',
      tokenId: token.slice(0, 12),
      since: '2026-03-01T10:30:00.000Z',
    });
    expect(listTokens(deps)).toMatchObject([{ name: 'short', state: 'expired' }]);
  });

  it('is revoked at once, even by another process', () => {
    const { deps, make, authPath, now } = accessTrial();
    const token = make('operator', 'leaked');
    expect(verifyToken(deps, token).state).toBe('live');
    const elsewhere = openAuthDb(authPath);
    onTestFinished(() => elsewhere.close());
    expect(revokeToken({ authDb: elsewhere, now }, 'leaked')).toMatchObject([{ name: 'leaked', state: 'revoked' }]);
    expect(verifyToken(deps, token)).toMatchObject({ state: 'revoked', name: 'leaked', since: START });
    const { token: other } = createToken(
      { authDb: elsewhere, now, random: randomBytes },
      { name: 'new', role: 'sql', expiresAt: undefined },
    );
    expect(verifyToken(deps, other).state).toBe('live');
  });

  it('is revoked by its name, its id, or its whole text; a name revokes all tokens with that name', () => {
    const { deps, make, pass } = accessTrial();
    const revoked = (key: string) => revokeToken(deps, key).map(({ id }) => id);
    const byId = make('reader', 'a');
    expect(revoked(byId.slice(0, 12))).toEqual([byId.slice(0, 12)]);
    const byItself = make('reader', 'b');
    expect(revoked(byItself)).toEqual([byItself.slice(0, 12)]);
    const expired = make('reader', 'c', new Date(Date.parse(START) + 1));
    pass(1);
    const live = make('reader', 'c');
    expect(revoked('c')).toEqual([expired.slice(0, 12), live.slice(0, 12)]);
    expect(() => revokeToken(deps, 'c')).toThrow(
      /^"c" is already revoked: this was done at 2026-03-01T09:30:00.001Z\.$/,
    );
    expect(() => revokeToken(deps, 'd')).toThrow(NoSuchToken);
    // The typed text may be a token of another system, so its secret part is not repeated.
    const foreign = `ssm_${'x'.repeat(43)}`;
    expect(() => revokeToken(deps, foreign)).toThrow(/^There is no token "ssm_xxxxxxxx"/);
  });

  it('cannot have the name of another live token, but can have the name of a revoked or expired one', () => {
    const { deps, make, pass } = accessTrial();
    make('reader', 'a', new Date(Date.parse(START) + HOUR_MS));
    expect(() => make('sql', 'a')).toThrow(TokenRefused);
    pass(HOUR_MS);
    make('sql', 'a');
    expect(() => make('sql', 'a')).toThrow(/^A live token is called "a" \(ssm_[\w-]{8}\)\. Choose another name/);
    revokeToken(deps, 'a');
    make('operator', 'a');
    expect(listTokens(deps).map(({ role, state }) => [role, state])).toEqual([
      ['reader', 'revoked'],
      ['sql', 'revoked'],
      ['operator', 'live'],
    ]);
  });

  it.each(['', ' a', 'a ', 'a\nb', 'a/b', '-a', 'x'.repeat(64), 'local', 'ssm_abc'])(
    'can’t have the name %j',
    (name) => {
      const { make, authDb } = accessTrial();
      expect(() => make('reader', name)).toThrow(TokenRefused);
      expect(hasToken(authDb)).toBe(false);
    },
  );

  it('is not made with an expiry in the past', () => {
    const { make, authDb } = accessTrial();
    expect(() => make('reader', 'a', new Date(START))).toThrow(/would have expired at 2026-03-01T09:30:00.000Z/);
    expect(hasToken(authDb)).toBe(false);
  });

  it('has its last use recorded, at most once a minute', () => {
    const { deps, make, pass } = accessTrial();
    const token = make('reader');
    const lastUsed = () => listTokens(deps)[0]?.lastUsedAt;
    verifyToken(deps, `${token.slice(0, 30)}${'x'.repeat(17)}`);
    expect(lastUsed()).toBe(null);
    verifyToken(deps, token);
    expect(lastUsed()).toBe(START);
    pass(MINUTE_MS - 1);
    verifyToken(deps, token);
    expect(lastUsed()).toBe(START);
    pass(1);
    verifyToken(deps, token);
    expect(lastUsed()).toBe('2026-03-01T09:31:00.000Z');
  });

  it('is not forgotten after it has ended: once any token was made, the server requires a token', () => {
    const { deps, authDb, make } = accessTrial();
    expect([hasToken(authDb), hasLiveToken(deps)]).toEqual([false, false]);
    make('reader', 'a');
    expect([hasToken(authDb), hasLiveToken(deps)]).toEqual([true, true]);
    revokeToken(deps, 'a');
    expect([hasToken(authDb), hasLiveToken(deps)]).toEqual([true, false]);
  });
});

it('each role includes the ones below it: operator includes sql, and sql includes reader', () => {
  const may = ROLES.map((role) => ROLES.filter((needed) => hasRole(role, needed)));
  expect(may).toEqual([['reader'], ['reader', 'sql'], ['reader', 'sql', 'operator']]);
});

describe('a session', () => {
  it('has the rights of its token, for twelve hours or until the token ends', () => {
    const { deps, make, pass } = accessTrial();
    const token = make('sql');
    const tokenId = token.slice(0, 12);
    const { secret, expiresAt } = createSession(deps, { tokenId, tokenExpiresAt: null });
    expect(expiresAt.toISOString()).toBe('2026-03-01T21:30:00.000Z');
    pass(12 * HOUR_MS - 1);
    expect(verifySession(deps, secret)).toMatchObject({ state: 'live', caller: { name: 'sql', role: 'sql', tokenId } });
    pass(1);
    expect(verifySession(deps, secret)).toMatchObject({ state: 'expired', name: 'sql' });
    expect(verifyToken(deps, token).state).toBe('live');
    const short = createSession(deps, { tokenId, tokenExpiresAt: '2026-03-01T21:31:00.000Z' });
    expect(short.expiresAt.toISOString()).toBe('2026-03-01T21:31:00.000Z');
  });

  it('ends when its token is revoked or expires', () => {
    const { deps, make, pass } = accessTrial();
    const session = (token: string) =>
      createSession(deps, { tokenId: token.slice(0, 12), tokenExpiresAt: null }).secret;
    const revoked = session(make('reader', 'a'));
    const expired = session(make('reader', 'b', new Date(Date.parse(START) + 1)));
    const other = session(make('reader', 'c'));
    revokeToken(deps, 'a');
    pass(1);
    expect([revoked, expired, other].map((secret) => verifySession(deps, secret).state)).toEqual([
      'revoked',
      'expired',
      'live',
    ]);
  });

  it('is ended by its secret, not by its id alone, and other sessions go on', () => {
    const { deps, authDb, make } = accessTrial();
    const tokenId = make('reader').slice(0, 12);
    const [one, other] = [1, 2].map(() => createSession(deps, { tokenId, tokenExpiresAt: null }).secret);
    if (!one || !other) throw new Error('There are no sessions.');
    endSession(authDb, one.slice(0, 13).padEnd(one.length, 'x'));
    expect(verifySession(deps, one).state).toBe('live');
    endSession(authDb, one);
    expect(verifySession(deps, one)).toEqual({ state: 'unknown' });
    expect(verifySession(deps, other).state).toBe('live');
  });

  it('is deleted some time after it has expired', () => {
    const { deps, make, pass } = accessTrial();
    const tokenId = make('reader').slice(0, 12);
    const { secret } = createSession(deps, { tokenId, tokenExpiresAt: null });
    pass(DAY_MS);
    createSession(deps, { tokenId, tokenExpiresAt: null });
    expect(verifySession(deps, secret)).toEqual({ state: 'unknown' });
  });

  it('does not work as a token, and a token does not work as a session', () => {
    const { deps, make } = accessTrial();
    const token = make('reader');
    const { secret } = createSession(deps, { tokenId: token.slice(0, 12), tokenExpiresAt: null });
    expect(verifyToken(deps, secret)).toEqual({ state: 'unknown' });
    expect(verifySession(deps, token)).toEqual({ state: 'unknown' });
  });
});

describe('the file of tokens', () => {
  const modesOf = (path: string) =>
    ['', '-wal', '-shm'].map((suffix) => (statSync(path + suffix).mode & 0o777).toString(8));

  it('can be read only by its owner, as can the files beside it, even if it had another mode before', () => {
    const path = join(tempFolder(), 'new', 'auth.db');
    openAuthDb(path).close();
    chmodSync(path, 0o644);
    const again = openAuthDb(path);
    onTestFinished(() => again.close());
    expect(modesOf(path)).toEqual(['600', '600', '600']);
    const { authPath, accessPath } = accessTrial();
    expect([modesOf(authPath), modesOf(accessPath)]).toEqual([
      ['600', '600', '600'],
      ['600', '600', '600'],
    ]);
  });

  it('has STRICT tables and a version, and its tokens still work after it was opened again', () => {
    const { authPath, make, deps } = accessTrial();
    const token = make('reader');
    const sqlite = new SQLite(authPath, { readonly: true });
    onTestFinished(() => {
      sqlite.close();
    });
    expect(sqlite.pragma('user_version', { simple: true })).toBe(2);
    expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
    const strict = sqlite
      .prepare("SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .raw()
      .all();
    expect(strict.sort()).toEqual([
      ['server_secrets', 1],
      ['sessions', 1],
      ['tokens', 1],
    ]);
    const again = openAuthDb(authPath);
    onTestFinished(() => again.close());
    expect(verifyToken({ ...deps, authDb: again }, token).state).toBe('live');
  });

  it('can’t be an archive, another database, a text file or a newer version’s file, and such a file stays unchanged', () => {
    const folder = tempFolder();
    const archive = join(folder, 'archive.db');
    openArchive(archive).close();
    const text = join(folder, 'text');
    writeFileSync(text, 'precious '.repeat(500), { mode: 0o644 });
    const newer = join(folder, 'newer.db');
    openAuthDb(newer).close();
    const sqlite = new SQLite(newer);
    sqlite.pragma('user_version = 3');
    sqlite.close();
    const before = [archive, text].map((path) => [readFileSync(path), statSync(path).mode]);
    const faults = [archive, text, newer, '/proc/none/auth.db', folder].map((path) => {
      try {
        openAuthDb(path).close();
      } catch (error) {
        if (error instanceof UserFault) return [error.exitCode, error.message];
        throw error;
      }
      return 'opened';
    });
    expect(faults).toEqual([
      [2, expect.stringContaining('but not the file of tokens of ssm-archive. Point SSM_ARCHIVE_AUTH_DB at one')],
      [2, expect.stringContaining('is not a SQLite database, or is damaged (SQLITE_NOTADB)')],
      [2, expect.stringContaining('was made by a newer version of ssm-archive')],
      [2, expect.stringContaining("can't be opened for writing: ")],
      [2, expect.stringContaining('is a folder, not a file.')],
    ]);
    expect([archive, text].map((path) => [readFileSync(path), statSync(path).mode])).toEqual(before);
    expect(existsSync(join(folder, 'text-wal'))).toBe(false);
  });
});

it.skipIf(isWithoutMounts)(`a token works on a full disk, even if its use cannot be recorded ${NEEDS_MOUNTS}`, () => {
  const disk = smallDisk(2 ** 20);
  const authDb = openAuthDb(join(disk.folder, 'auth.db'));
  onTestFinished(() => authDb.close());
  let nowMs = Date.parse(START);
  const deps = { authDb, now: () => new Date(nowMs), random: randomBytes };
  const { token } = createToken(deps, { name: 'auditor', role: 'reader', expiresAt: undefined });
  disk.fill();
  expect(verifyToken(deps, token)).toMatchObject({ state: 'live', caller: { name: 'auditor' } });
  expect(listTokens(deps)).toMatchObject([{ lastUsedAt: null }]);
  disk.free();
  nowMs += MINUTE_MS;
  expect(verifyToken(deps, token).state).toBe('live');
  expect(listTokens(deps)).toMatchObject([{ lastUsedAt: new Date(nowMs).toISOString() }]);
});
