import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAuthDb } from '../../../src/access/open-auth-db.ts';
import type { TokenView } from '../../../src/access/tokens/token-view.ts';
import { verifyToken } from '../../../src/access/tokens/verify-token.ts';
import { describeTokens, parseExpiry } from '../../../src/cli/commands/token.ts';
import { plain } from '../../../src/cli/text/line.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { knowTests, onTestEnd } from '../../on-test-end.ts';
import { runCli } from '../run-cli.ts';

knowTests();

function setUp() {
  const folder = tempFolder();
  const path = join(folder, 'data', 'archive-auth.db');
  const token = (...args: string[]) => runCli(folder, ['token', ...args]);
  const create = (name: string, ...args: string[]) => token('create', '--name', name, '--role', 'reader', ...args);
  return { folder, path, token, create };
}

describe.concurrent('token list in a folder without files', () => {
  it('makes no file', async () => {
    const { folder, token } = setUp();
    expect(await token('list')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^There are no tokens/) });
    expect((await token('list', '--json')).stdout.trim()).toBe('[]');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe.concurrent('token create', () => {
  it('prints only the token to standard output, once, and everything else to standard error', async () => {
    const { create, path, folder } = setUp();
    const { exitCode, stdout, stderr } = await create('auditor');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ssm_[\w-]{43}\n$/);
    expect(stderr).toMatch(
      /^The token "auditor" \(ssm_[\w-]{8}, reader\) is valid until \d{4}-.*Z\. It is shown this once/,
    );
    expect(stderr).not.toContain(stdout.trim());
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
    expect(readFileSync(path).includes(stdout.trim().slice(12))).toBe(false);
    expect(existsSync(join(folder, 'data', 'archive.db'))).toBe(false);
  });

  it('makes a token that is valid for 90 days by default', async () => {
    const { create, path, token } = setUp();
    const made = (await create('auditor')).stdout.trim();
    await create('robot', '--expires', 'never');
    const authDb = openAuthDb(path);
    onTestEnd(() => authDb.close());
    expect(verifyToken({ authDb, now: () => new Date() }, made)).toMatchObject({
      state: 'live',
      caller: { name: 'auditor', role: 'reader' },
    });
    const [auditor, robot] = JSON.parse((await token('list', '--json')).stdout) as TokenView[];
    expect(Date.parse(auditor?.expiresAt ?? '') - Date.parse(auditor?.createdAt ?? '')).toBeLessThanOrEqual(
      90 * DAY_MS,
    );
    expect(Date.parse(auditor?.expiresAt ?? '') - Date.parse(auditor?.createdAt ?? '')).toBeGreaterThan(89 * DAY_MS);
    expect(robot).toMatchObject({ name: 'robot', expiresAt: null, state: 'live' });
  });

  it.each<[string, string[], string]>([
    ['no name', ['create', '--role', 'reader'], "required option '--name <name>' not specified"],
    ['no role', ['create', '--name', 'a'], "required option '--role <role>' not specified"],
    ['an unknown role', ['create', '--name', 'a', '--role', 'root'], 'Allowed choices are reader, sql, operator.'],
    ['an invalid name', ['create', '--name', 'a/b', '--role', 'sql'], '"a/b" can\'t be the name of a token'],
    [
      'an expiry that is not a time',
      ['create', '--name', 'a', '--role', 'sql', '--expires', '90'],
      '--expires must be a length of time such as 400d, 12h, 30m or 2w from now on',
    ],
    [
      'an expiry in the past',
      ['create', '--name', 'a', '--role', 'sql', '--expires', '2020-01-01'],
      'would have expired at 2020-01-01T00:00:00.000Z',
    ],
    [
      'no such token',
      ['revoke', 'nobody'],
      'There is no token "nobody". "ssm-archive token list" shows all names and ids',
    ],
    ['no subcommand', [], 'Usage: ssm-archive token'],
  ])('a wrong call exits with code 2 and prints a sentence: %s', async (_what, args, sentence) => {
    const { token } = setUp();
    const { exitCode, stdout, stderr } = await token(...args);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([exitCode, stdout]).toEqual([2, '']);
  });

  it('refuses a name that another token has', async () => {
    const { create } = setUp();
    await create('auditor');
    const { exitCode, stdout, stderr } = await create('auditor');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^A live token is called "auditor"/);
  });

  it.each([
    ['90d', '2026-05-30T09:30:00.000Z'],
    ['12h', '2026-03-01T21:30:00.000Z'],
    ['2027-03-01', '2027-03-01T00:00:00.000Z'],
    ['2027-03-01T09:30:00+01:00', '2027-03-01T08:30:00.000Z'],
    ['never', undefined],
  ])('makes a token that expires when --expires says: %s', (text, expected) => {
    expect(parseExpiry(text, Date.parse('2026-03-01T09:30:00Z'))?.toISOString()).toBe(expected);
  });
});

describe.concurrent('token create --print-only', () => {
  it('prints only a secret to standard output, says on standard error what to do with it, and stores nothing', async () => {
    const { token, folder } = setUp();
    const { exitCode, stdout, stderr } = await token('create', '--print-only');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ssm_[\w-]{43}\n$/);
    expect(stderr).toBe(
      'A secret for the first token of a server. It is shown this once, and stored nowhere.\n' +
        'Put it into a file and name that file in SSM_ARCHIVE_TOKEN_FILE: if no token was ever made, "ssm-archive serve" makes the token "first" (operator, never expires) from it.\n',
    );
    expect(readdirSync(folder)).toEqual([]);
    expect((await token('create', '--print-only')).stdout).not.toBe(stdout);
  });

  it('needs no configuration, and no permission to write', async () => {
    const { folder } = setUp();
    const env = { SSM_ARCHIVE_PORT: 'x', SSM_ARCHIVE_AUTH_DB: '/dev/null/auth.db' };
    expect(await runCli(folder, ['token', 'create', '--print-only'], env)).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [['--name', 'a'], '--name'],
    [['--role', 'operator'], '--role'],
    [['--expires', '90d'], '--expires'],
    [['--aws', '--account', '111122223333', '--region', 'eu-west-1'], '--aws, --account, --region'],
    [['--name', 'a', '--role', 'reader'], '--name, --role'],
  ])('exits with code 2 and a sentence if %j is also given, and prints no secret', async (args, others) => {
    const { token, folder } = setUp();
    expect(await token('create', '--print-only', ...args)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `--print-only takes no other option, because its secret becomes the token "first" with the role operator, which never expires: leave out ${others}.\n`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is explained by --help', async () => {
    const { token } = setUp();
    const { exitCode, stdout } = await token('create', '--help');
    expect(exitCode).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      '--print-only print a secret and store nothing. Put it into the file that SSM_ARCHIVE_TOKEN_FILE names:',
    );
  });
});

describe.concurrent('token list', () => {
  const view = (facts: Partial<TokenView>): TokenView => ({
    ...{ kind: 'token', accounts: null, regions: null },
    id: 'ssm_abcdefgh',
    name: 'auditor',
    role: 'reader',
    state: 'live',
    createdAt: '2026-03-01T09:30:00.000Z',
    expiresAt: '2026-05-30T09:30:00.000Z',
    lastUsedAt: null,
    revokedAt: null,
    ...facts,
  });
  const tokens = [
    view({ role: 'operator', expiresAt: null, lastUsedAt: '2026-03-02T10:11:12.000Z' }),
    view({ name: 'the longest name that is allowed, which has sixty-three letters', state: 'expired' }),
    view({ name: 'gone', state: 'revoked' }),
  ];
  const lines = (outWidth: number) =>
    describeTokens(tokens, outWidth).map((line) =>
      typeof line === 'string' ? line : `<${line.parts[0]?.style}>${plain(line)}`,
    );

  it('marks tokens that have ended, and says when each token was last used', () => {
    const [header, ...rows] = lines(Number.POSITIVE_INFINITY).map((line) => line.replace(/ {2,}/g, ' | '));
    expect(header).toBe('ID | NAME | ROLE | STATE | EXPIRES | LAST USED');
    expect(rows).toEqual([
      'ssm_abcdefgh | auditor | operator | live | never | 2026-03-02 10:11',
      `<dim>ssm_abcdefgh | ${tokens[1]?.name} | reader | expired | 2026-05-30 | never`,
      '<dim>ssm_abcdefgh | gone | reader | revoked | 2026-05-30 | never',
      '1 live token of 3.',
    ]);
  });

  it('fits the terminal without cutting a name', () => {
    for (const width of [60, 80, 100]) {
      const drawn = lines(width).map((line) => line.replace('<dim>', ''));
      for (const line of drawn) expect(line.length).toBeLessThanOrEqual(width);
      const text = drawn.join(' ').replace(/[\s│]+/g, ' ');
      for (const whole of ['2026-03-02 10:11', `${tokens[1]?.name}`, 'expired 2026-05-30 never'])
        expect(text).toContain(whole);
    }
    // A token that has ended is dim on each of its lines.
    expect(lines(80).filter((line) => line.startsWith('<dim>'))).toHaveLength(4);
  });

  it('says how to make the first token', async () => {
    const { token } = setUp();
    expect(await token('list')).toMatchObject({
      exitCode: 0,
      stdout: 'There are no tokens: "ssm-archive token create" makes one.\n',
    });
    expect((await token('list', '--json')).stdout).toBe('[]\n');
  });

  it('shows no secret', async () => {
    const { create, token } = setUp();
    const made = (await create('auditor')).stdout.trim();
    for (const args of [['list'], ['list', '--json']]) {
      const { stdout } = await token(...args);
      expect(stdout).toContain(made.slice(0, 12));
      expect(stdout).not.toContain(made.slice(12));
    }
  });
});

describe.concurrent('token revoke', () => {
  it('ends a token that is named by its name, its id or its secret, while others have the file open', async () => {
    const { create, token, path } = setUp();
    const made: string[] = [];
    for (const name of ['a', 'b', 'c']) made.push((await create(name)).stdout.trim());
    const authDb = openAuthDb(path);
    onTestEnd(() => authDb.close());
    const states = () => made.map((each) => verifyToken({ authDb, now: () => new Date() }, each).state);
    expect(states()).toEqual(['live', 'live', 'live']);
    const keys = ['a', made[1]?.slice(0, 12) ?? '', made[2] ?? ''];
    for (const key of keys) expect(await token('revoke', key)).toMatchObject({ exitCode: 0, stdout: '' });
    expect(states()).toEqual(['revoked', 'revoked', 'revoked']);
    const again = await token('revoke', 'a');
    expect([again.exitCode, again.stderr]).toEqual([
      2,
      expect.stringContaining('"a" is already revoked: this was done at '),
    ]);
  });
});
