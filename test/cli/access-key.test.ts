import { execFileSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openAuthDb } from '../../src/access/open-auth-db.ts';
import { createAccessKey } from '../../src/access/tokens/create-access-key.ts';
import { findAccessKey } from '../../src/access/tokens/find-access-key.ts';
import { listTokens } from '../../src/access/tokens/list-tokens.ts';
import type { TokenView } from '../../src/access/tokens/token-view.ts';
import { addToken, describeTokens } from '../../src/cli/commands/token.ts';
import { plain } from '../../src/cli/text/line.ts';
import { UserFault } from '../../src/lib/errors/user-fault.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { capturedTerminal } from './captured-terminal.ts';
import { runCli } from './run-cli.ts';

afterEach(() => vi.unstubAllEnvs());

/** Runs the command in this process, so that a call does not start Node each time. */
function setUp() {
  const path = join(tempFolder(), 'auth.db');
  vi.stubEnv('SSM_ARCHIVE_AUTH_DB', path);
  const { terminal, out, err } = capturedTerminal();
  const token = async (...args: string[]) => {
    const program = new Command().exitOverride();
    addToken(program, terminal);
    await program.parseAsync(['token', ...args], { from: 'user' });
  };
  const create = (...args: string[]) => token('create', '--name', 'reports', '--role', 'reader', ...args);
  return { path, out, err, create, token };
}

function keysIn(path: string): TokenView[] {
  const authDb = openAuthDb(path);
  onTestFinished(() => authDb.close());
  return listTokens({ authDb, now: () => new Date() });
}

describe('token create --aws', () => {
  it('prints, only once, two lines that a shell can read, and prints everything else to standard error', async () => {
    const folder = tempFolder();
    const limits = ['--account', '111122223333, 444455556666', '--region', 'eu-west-1'];
    const args = ['token', 'create', '--aws', '--name', 'reports', '--role', 'reader', ...limits];
    const { exitCode, stdout, stderr } = await runCli(folder, args);
    expect(exitCode).toBe(0);
    const [, id = '', secret = ''] =
      /^AWS_ACCESS_KEY_ID=(SSMA[A-Z2-7]{16})\nAWS_SECRET_ACCESS_KEY=([\w-]{40})\n$/.exec(stdout) ?? [];
    expect(stderr).toMatch(
      new RegExp(
        `^The access key "reports" \\(${id}, reader\\) is valid until \\d{4}-.*Z\\. Its secret is shown this once`,
      ),
    );
    expect(stderr).not.toContain(secret);
    const path = join(folder, 'data', 'archive-auth.db');
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
    const authDb = openAuthDb(path);
    onTestFinished(() => authDb.close());
    expect(findAccessKey(authDb, id)).toMatchObject({ secretAccessKey: secret });
    const env = join(folder, 'key.env');
    writeFileSync(env, stdout);
    const script = `set -a; . '${env}'; set +a; env`;
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toContain(
      `AWS_SECRET_ACCESS_KEY=${secret}\n`,
    );

    const listed = await Promise.all([runCli(folder, ['token', 'list']), runCli(folder, ['token', 'list', '--json'])]);
    for (const { stdout } of listed) {
      expect(stdout).toContain(id);
      expect(stdout).not.toContain(secret);
    }
    expect(JSON.parse(listed[1]?.stdout ?? '')).toMatchObject([
      {
        ...{ kind: 'access key', id, accounts: ['111122223333', '444455556666'], regions: ['eu-west-1'] },
        state: 'live',
      },
    ]);
  });

  it('makes a key for every account and region by default, and a key that is valid for ever with --expires never', async () => {
    const { path, create, err } = setUp();
    await create('--aws', '--expires', 'never');
    expect(keysIn(path)).toMatchObject([{ kind: 'access key', accounts: null, regions: null, expiresAt: null }]);
    expect(err()).toContain('is valid for ever. ');
  });

  it('accepts lists with spaces, duplicate names, and an option that is given twice', async () => {
    const { path, create } = setUp();
    const accounts = ['--account', '111122223333 ,444455556666,111122223333', '--account', '777788889999'];
    await create('--aws', ...accounts, '--region', 'eu-west-1', '--region', 'us-gov-west-1,eu-west-1');
    expect(keysIn(path)).toMatchObject([
      { accounts: ['111122223333', '444455556666', '777788889999'], regions: ['eu-west-1', 'us-gov-west-1'] },
    ]);
  });

  const account = (text: string) => `"${text}" is not an account id: an account id has 12 digits.`;
  const region = (text: string) => `"${text}" is not the name of a region, such as eu-west-1.`;
  const needsAws = '--account and --region are for access keys: give --aws with them.';
  it.each<[string[], string]>([
    [['--aws', '--account', '12345'], account('12345')],
    [['--aws', '--account', ''], account('')],
    [['--aws', '--account', '111122223333,'], account('')],
    [['--aws', '--account', '1111-2222-3333'], account('1111-2222-3333')],
    [['--aws', '--account', '111122223333 444455556666'], account('111122223333 444455556666')],
    [['--aws', '--account', 'arn:aws:iam::111122223333:root'], account('arn:aws:iam::111122223333:root')],
    [['--aws', '--region', 'ireland'], region('ireland')],
    [['--aws', '--region', 'eu-west-1a'], region('eu-west-1a')],
    [['--aws', '--region', 'eu-west-1,,us-east-1'], region('')],
    [['--account', '111122223333'], needsAws],
    [['--region', 'eu-west-1'], needsAws],
    [['--aws', '--expires', 'soon'], '--expires must be a length of time such as 400d, 12h, 30m or 2w from now on'],
    [['--aws', '--expires', '2020-01-01'], 'would have expired at 2020-01-01T00:00:00.000Z'],
    [['--aws', '--name', 'SSMA'], `"SSMA" can't be the name of a token`],
  ])('refuses a wrong call with a sentence, and makes no key: %j', async (args, sentence) => {
    const { path, create, out, err } = setUp();
    const fault = await create(...args).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(UserFault);
    expect(fault).toMatchObject({ exitCode: 2, message: expect.stringContaining(sentence) });
    expect([out(), err()]).toEqual(['', '']);
    expect(existsSync(path) ? keysIn(path) : []).toEqual([]);
  });

  it('exits with code 2 if it is refused; its help names its options', async () => {
    const folder = tempFolder();
    const create = ['token', 'create', '--aws', '--name', 'reports', '--role', 'reader'];
    const [refused, lacking, help] = await Promise.all([
      runCli(folder, [...create, '--account', '12345']),
      runCli(folder, [...create, '--account']),
      runCli(folder, ['token', 'create', '--help']),
    ]);
    expect([refused.exitCode, refused.stdout, refused.stderr]).toEqual([2, '', `${account('12345')}\n`]);
    expect([lacking.exitCode, lacking.stdout]).toEqual([2, '']);
    expect(lacking.stderr).toContain("option '--account <ids>' argument missing");
    expect([help.exitCode, help.stderr]).toEqual([0, '']);
    for (const option of ['--aws', '--account <ids>', '--region <names>', '--expires <when>'])
      expect(help.stdout).toMatch(new RegExp(`^ {2}${option} {2,}\\w`, 'm'));
  });
});

describe('an access key', () => {
  it('is listed among the tokens by its id, in a row that fits a terminal of 80 columns', async () => {
    const { path, create, out, token } = setUp();
    await token('create', '--name', 'alice', '--role', 'sql');
    await create('--aws');
    const before = out().length;
    await token('list');
    expect(out().slice(before)).toMatch(
      /ID +NAME +ROLE .*\nssm_[\w-]{8} +alice .*\nSSMA[A-Z2-7]{16} +reports .*\n2 live tokens of 2\.\n$/,
    );
    const views = keysIn(path).map((view) => ({ ...view, role: 'operator' as const, state: 'revoked' as const }));
    const used = views.map((view) => ({ ...view, lastUsedAt: '2026-03-02T10:11:12.000Z' }));
    const lines = describeTokens(used, 80).map(plain);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toContain('2026-03-02 10:11');
  });

  it('can be revoked once by its name or its id, and is then listed as revoked', async () => {
    const { path, out, err, token } = setUp();
    const authDb = openAuthDb(path);
    const options = { role: 'reader', expiresAt: undefined, accounts: undefined, regions: undefined } as const;
    const [a, b] = ['a', 'b'].map((name, n) =>
      createAccessKey({ authDb, now: () => new Date(), random: (size) => Buffer.alloc(size, n) }, { name, ...options }),
    );
    authDb.close();
    await token('revoke', 'a');
    await token('revoke', b?.accessKeyId ?? '');
    expect([out(), err()]).toEqual(['', `Revoked "a" (${a?.accessKeyId}).\nRevoked "b" (${b?.accessKeyId}).\n`]);
    expect(keysIn(path).map(({ state }) => state)).toEqual(['revoked', 'revoked']);
    await expect(token('revoke', 'a')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^"a" is already revoked/),
    });
  });
});
