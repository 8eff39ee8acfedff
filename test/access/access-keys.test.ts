import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAuthDb } from '../../src/access/open-auth-db.ts';
import { createAccessKey, type NewAccessKey } from '../../src/access/tokens/create-access-key.ts';
import { createToken, TokenRefused } from '../../src/access/tokens/create-token.ts';
import { findAccessKey } from '../../src/access/tokens/find-access-key.ts';
import { hasLiveToken, hasToken } from '../../src/access/tokens/has-token.ts';
import { listTokens } from '../../src/access/tokens/list-tokens.ts';
import { NoSuchToken, revokeToken } from '../../src/access/tokens/revoke-token.ts';
import { judgeToken, verifyToken } from '../../src/access/tokens/verify-token.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import { accessTrial, START } from './access-trial.ts';

const ACCOUNT = '111122223333';

function setUp() {
  const trial = accessTrial();
  const { deps } = trial;
  return {
    ...trial,
    key: (more: Partial<NewAccessKey> = {}) =>
      createAccessKey(deps, {
        ...{ name: 'reports', role: 'reader', expiresAt: undefined, accounts: undefined, regions: undefined },
        ...more,
      }),
    /** Returns the verdict on the key with that id, for a caller that has proved to know its secret. */
    judge(id: string) {
      const row = findAccessKey(deps.authDb, id);
      return row && judgeToken(deps, row);
    },
  };
}

describe('an access key', () => {
  it('has the form of an AWS key, an id that no real AWS key can have, and 240 random bits', () => {
    const { key } = setUp();
    const { accessKeyId, secretAccessKey, view } = key({ accounts: [ACCOUNT], regions: ['eu-west-1', 'us-east-1'] });
    expect(accessKeyId).toMatch(/^SSMA[A-Z2-7]{16}$/);
    expect(secretAccessKey).toMatch(/^[\w-]{40}$/);
    expect(Buffer.from(secretAccessKey, 'base64url')).toHaveLength(30);
    expect(view).toEqual({
      ...{ kind: 'access key', id: accessKeyId, name: 'reports', role: 'reader', state: 'live' },
      ...{ createdAt: START, expiresAt: null, lastUsedAt: null, revokedAt: null },
      ...{ accounts: [ACCOUNT], regions: ['eu-west-1', 'us-east-1'] },
    });
    const other = key({ name: 'other' });
    expect(other.accessKeyId).not.toBe(accessKeyId);
    expect(other.secretAccessKey).not.toBe(secretAccessKey);
  });

  it('is found only by its complete id, and returned with its secret, even after the file was opened again', () => {
    const { key, authDb, authPath } = setUp();
    const { accessKeyId, secretAccessKey } = key();
    const again = openAuthDb(authPath);
    onTestFinished(() => again.close());
    for (const db of [authDb, again]) expect(findAccessKey(db, accessKeyId)).toMatchObject({ secretAccessKey });
    for (const wrong of ['', 'SSMA', accessKeyId.slice(0, -1), `${accessKeyId}A`, accessKeyId.toLowerCase(), 'SSMA%'])
      expect(findAccessKey(authDb, wrong), wrong).toBeUndefined();
  });

  it('shows its secret once: afterwards only the file has it, which only its owner can read, and no list, revocation or log does', () => {
    const { key, deps, folder } = setUp();
    const { accessKeyId, secretAccessKey, view } = key();
    const shown = [view, listTokens(deps), revokeToken(deps, accessKeyId), listTokens(deps)];
    expect(JSON.stringify(shown)).toContain(accessKeyId);
    expect(JSON.stringify(shown)).not.toContain(secretAccessKey);
    const files = readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(secretAccessKey));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      expect(name).toMatch(/^auth\.db/);
      expect((statSync(join(folder, name)).mode & 0o777).toString(8)).toBe('600');
    }
  });

  it('expires at its time, and not before', () => {
    const { key, judge, pass, deps } = setUp();
    const { accessKeyId } = key({ expiresAt: new Date(Date.parse(START) + HOUR_MS) });
    pass(HOUR_MS - 1);
    expect(judge(accessKeyId)).toMatchObject({ state: 'live', expiresAt: '2026-03-01T10:30:00.000Z' });
    pass(1);
    const since = '2026-03-01T10:30:00.000Z';
    expect(judge(accessKeyId)).toEqual({ state: 'expired', name: 'reports', tokenId: accessKeyId, since });
    expect(listTokens(deps)).toMatchObject([{ id: accessKeyId, state: 'expired' }]);
  });

  it('is revoked at once by its name or its id, and not by its secret', () => {
    const { key, judge, deps } = setUp();
    const [byName, byId] = [key({ name: 'a' }), key({ name: 'b' })];
    expect(() => revokeToken(deps, byId.secretAccessKey)).toThrow(NoSuchToken);
    expect(() => revokeToken(deps, 'SSMAAAAAAAAAAAAAAAAA')).toThrow(/^There is no token "SSMAAAAAAAAAAAAAAAAA"/);
    expect(judge(byId.accessKeyId)).toMatchObject({ state: 'live' });
    expect(revokeToken(deps, 'a')).toMatchObject([{ id: byName.accessKeyId, kind: 'access key', state: 'revoked' }]);
    expect(revokeToken(deps, byId.accessKeyId)).toMatchObject([{ name: 'b', kind: 'access key', state: 'revoked' }]);
    for (const { accessKeyId } of [byName, byId]) expect(judge(accessKeyId)).toMatchObject({ state: 'revoked' });
    expect(() => revokeToken(deps, byId.accessKeyId)).toThrow(
      /is already revoked: this was done at 2026-03-01T09:30:00.000Z\.$/,
    );
  });

  it('has its last use recorded when a request with the key is checked, at most once a minute, and not when the key is only looked up', () => {
    const { key, judge, pass, deps } = setUp();
    const { accessKeyId } = key();
    const lastUsed = () => listTokens(deps)[0]?.lastUsedAt;
    findAccessKey(deps.authDb, accessKeyId);
    expect(lastUsed()).toBe(null);
    judge(accessKeyId);
    pass(MINUTE_MS - 1);
    judge(accessKeyId);
    expect(lastUsed()).toBe(START);
    pass(1);
    judge(accessKeyId);
    expect(lastUsed()).toBe('2026-03-01T09:31:00.000Z');
  });

  it('can be limited only to valid accounts and regions, each named once', () => {
    const { key, authDb } = setUp();
    for (const account of [
      '',
      '11112222333',
      '1111222233334',
      ' 11112222333',
      '11112222333a',
      '１１１１２２２２３３３３',
    ])
      expect(() => key({ accounts: [ACCOUNT, account] })).toThrow(
        `"${account}" is not an account id: an account id has 12 digits.`,
      );
    for (const region of ['', 'eu', 'eu-west', 'EU-WEST-1', 'eu-west-1 ', 'eu_west_1', 'eu-west-1;', '*'])
      expect(() => key({ regions: ['eu-west-1', region] })).toThrow(
        `"${region}" is not the name of a region, such as eu-west-1.`,
      );
    expect(hasToken(authDb)).toBe(false);
    const regions = ['eu-west-1', 'us-gov-west-1', 'cn-north-1', 'us-isob-east-1', 'eusc-de-east-1'];
    expect(key({ regions }).view.regions).toEqual(regions);
    const twice = key({ name: 'twice', accounts: [ACCOUNT, ACCOUNT], regions: ['eu-west-1', 'eu-west-1'] });
    expect(twice.view).toMatchObject({ accounts: [ACCOUNT], regions: ['eu-west-1'] });
  });

  it('is not made with the name of a live token or key, with an id as its name, or with an expiry in the past', () => {
    const { key, make, deps } = setUp();
    make('reader', 'token');
    key({ name: 'key' });
    for (const name of ['token', 'key']) {
      expect(() => key({ name })).toThrow(TokenRefused);
      expect(() => make('reader', name)).toThrow(TokenRefused);
    }
    for (const name of ['SSMA', 'SSMA2345', 'ssm_abc', 'local', 'a/b', '']) {
      expect(() => key({ name }), name).toThrow(TokenRefused);
      expect(() => createToken(deps, { name, role: 'sql', expiresAt: undefined }), name).toThrow(TokenRefused);
    }
    expect(() => key({ name: 'late', expiresAt: new Date(START) })).toThrow(/would have expired at 2026-03-01T09:30/);
    expect(listTokens(deps).map(({ name }) => name)).toEqual(['token', 'key']);
  });

  it('does not work as a token, and a token does not work as a key; once a key or a token exists, the server requires one', () => {
    const { key, make, deps, authDb } = setUp();
    expect([hasToken(authDb), hasLiveToken(deps)]).toEqual([false, false]);
    const { accessKeyId, secretAccessKey } = key();
    expect([hasToken(authDb), hasLiveToken(deps)]).toEqual([true, true]);
    for (const secret of [accessKeyId, secretAccessKey, accessKeyId + secretAccessKey])
      expect(verifyToken(deps, secret)).toEqual({ state: 'unknown' });
    const token = make('reader');
    for (const id of [token, token.slice(0, 12)]) expect(findAccessKey(authDb, id)).toBeUndefined();
    expect(listTokens(deps).map(({ kind }) => kind)).toEqual(['access key', 'token']);
    revokeToken(deps, accessKeyId);
    revokeToken(deps, token);
    expect([hasToken(authDb), hasLiveToken(deps)]).toEqual([true, false]);
  });
});
