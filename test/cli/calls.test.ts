import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageVersion } from '../../src/lib/process/package-root.ts';
import { TIME_FORMS } from '../../src/questions/time/read-time.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { knowTests } from '../on-test-end.ts';
import { runCli } from './run-cli.ts';

knowTests();

const COMMANDS = ['init', 'ingest', 'serve', 'status', 'coverage', 'sql', 'doctor', 'simulate', 'demo'];

describe.concurrent('help', () => {
  it('lists the commands and the exit codes on standard output, and exits with code 0', async () => {
    const { exitCode, stdout, stderr } = await runCli(tempFolder(), ['--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'Exit codes: 0 done, 1 the command ran and something failed, 2 the call or the configuration is wrong. verify also has 3:',
    );
  });

  it.each(COMMANDS)('exits with code 0 for %s, whatever the configuration', async (command) => {
    const { exitCode, stdout } = await runCli(tempFolder(), [command, '--help'], { SSM_ARCHIVE_PORT: 'x' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: ssm-archive ${command}`);
  });

  it.each(['', ...COMMANDS, 'key renew', 'source end', 'hold place', 'token create'])(
    'has no line longer than 80 characters, even in a pipe: %s',
    async (command) => {
      const { stdout } = await runCli(tempFolder(), [...command.split(' ').filter(Boolean), '--help']);
      expect(stdout).toMatch(/^Usage: /);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it('is not printed with --version, which prints only the version of the package', async () => {
    expect(await runCli(tempFolder(), ['--version'])).toMatchObject({ exitCode: 0, stdout: `${packageVersion()}\n` });
  });
});

describe.concurrent('a wrong call exits with code 2, names its fault on standard error, and makes no archive', () => {
  it.each<[string, string[], string]>([
    ['no command', [], 'Usage: ssm-archive'],
    ['an unknown command', ['ingets'], "unknown command 'ingets'"],
    ['an unknown option', ['status', '--jsno'], "unknown option '--jsno'"],
    ['one argument too many', ['status', 'now'], 'too many arguments'],
    ['an option without its value', ['ingest', '--from'], 'argument missing'],
    [
      'a time without a zone',
      ['ingest', '--from', '2026-03-01T09:30'],
      `--from must be ${TIME_FORMS}, not "2026-03-01T09:30". Did you mean "2026-03-01T09:30Z"?`,
    ],
    ['a text that is not a time', ['coverage', '--to', 'yesterday'], '--to must be a date such as 2026-03-01'],
    [
      'a span that ends before it begins',
      ['ingest', '--from', '2026-03-02', '--to', '2026-03-01'],
      '--to must be later than --from: --from is 2026-03-02T00:00:00.000Z, and --to is 2026-03-01T00:00:00.000Z.',
    ],
    [
      'a source that is not configured',
      ['ingest', '--source', 'prod'],
      'There is no source "prod". The configuration has: default.',
    ],
    ...[
      ['coverage', '--from', '-7d', '--to', '-2w'],
      ['ingest', '--from', 'now', '--to', '-30m'],
      ['hold', 'place', '--reason', 'r', '--from', '-1h', '--to', '-1h'],
      ['evidence', '--output', 'p.zip', '--from', 'today', '--to', '-12w'],
    ].map((args): [string, string[], string] => [
      `an empty span of ${args[0]} that is counted back from now`,
      args,
      '--to must be later than --from: --from is ',
    ]),
    ...[
      ['coverage', '--from', '7d'],
      ['prune', '--before', '7d'],
    ].map((args): [string, string[], string] => [
      `a length of time for ${args[0]}, which needs a point in time`,
      args,
      `${args[1]} must be ${TIME_FORMS}, not "7d". Did you mean "-7d"?`,
    ]),
    [
      'a negative length of time',
      ['prune', '--older-than', '-400d'],
      '--older-than must be a length of time such as 400d, 12h, 30m or 2w, not "-400d". Did you mean "400d"?',
    ],
    ['status without an archive', ['status'], 'Make one with "ssm-archive ingest"'],
    ['coverage without an archive', ['coverage'], 'Make one with "ssm-archive ingest"'],
    ['sql without an archive', ['sql', 'SELECT 1'], 'Make one with "ssm-archive ingest"'],
    [
      'no SQL at all',
      ['sql'],
      'Standard input is empty: give a query as an argument, by --file, or on standard input.',
    ],
    ['SQL twice', ['sql', 'SELECT 1', '--file', 'a.sql'], 'The query is given twice, as an argument and by --file'],
    ['a file of SQL that does not exist', ['sql', '--file', 'a.sql'], 'There is no file a.sql.'],
    [
      'a format that does not exist',
      ['sql', '--format', 'xml', 'SELECT 1'],
      'Allowed choices are table, json, csv, ndjson',
    ],
    [
      'a limit of zero',
      ['sql', '--limit', '0', 'SELECT 1'],
      '--limit must be a whole number from 1 to 10000000, not "0".',
    ],
    [
      'a limit for csv',
      ['sql', '--format', 'csv', '--limit', '5', 'SELECT 1'],
      '--limit is not for csv, which has all',
    ],
    ['a parameter without a name', ['sql', '--param', '=5', 'SELECT 1'], '--param must be name=value, or a name alone'],
    [
      'a token without a server',
      ['sql', '--token', 'x', 'SELECT 1'],
      '--token is for a server: give its address by --url.',
    ],
    [
      'a text that is not an address',
      ['sql', '--url', 'here', 'SELECT 1'],
      '--url must be the address of a server, such as',
    ],
    [
      'a port that is too high',
      ['simulate', '--port', '99999'],
      '--port must be a whole number up to 65535, not "99999".',
    ],
    [
      'a fault that does not exist',
      ['simulate', '--fault', 'explode=1'],
      'There is no fault "explode". The faults are: ',
    ],
    ['a fault without its number', ['simulate', '--fault', 'throttleRate=x'], 'throttleRate needs a number, not "x".'],
    [
      'an unknown --filter-time',
      ['simulate', '--filter-time', 'both'],
      '--filter-time must be invocation or command, not "both".',
    ],
    [
      'an unknown --forget-time',
      ['simulate', '--forget-time', 'both'],
      '--forget-time must be invocation or command, not "both".',
    ],
  ])('%s', async (_what, args, sentence) => {
    const folder = tempFolder();
    const { exitCode, stdout, stderr } = await runCli(folder, args);
    expect(stderr).toContain(sentence);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('a demo never replaces a file that it did not make', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'archive.db'), 'precious');
    const { exitCode, stderr } = await runCli(folder, ['demo', '--exit', '--db', 'archive.db']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('name must begin with "demo", unlike archive.db. Try data/demo.db.');
    expect(readFileSync(join(folder, 'archive.db'), 'utf8')).toBe('precious');
  });
});

describe.concurrent('a faulty configuration', () => {
  it.each(['init', 'ingest', 'serve', 'status', 'coverage', 'doctor'])(
    'stops %s with exit code 2 before it does anything; the message lists every fault by its key',
    async (command) => {
      const folder = tempFolder();
      writeFileSync(join(folder, 'archive.yaml'), 'prot: 1\nsources: [{alias: a, accountId: 1}]\n');
      const env = { SSM_ARCHIVE_PORT: 'x', SSM_ARCHIVE_SCHEDULE: 'sometimes' };
      const { exitCode, stdout, stderr } = await runCli(folder, [command], env);
      expect([exitCode, stdout]).toEqual([2, '']);
      // The log of a server is JSON unless it goes to a terminal.
      const said = command === 'serve' ? String(JSON.parse(stderr).msg) : stderr;
      const [title, ...lines] = said.trimEnd().split('\n');
      expect(title).toBe('The configuration has faults:');
      expect(lines.map((line) => line.split(': ')[0]?.trim()).sort()).toEqual([
        'SSM_ARCHIVE_PORT',
        'SSM_ARCHIVE_SCHEDULE',
        'prot',
        'sources[0].accountId',
      ]);
      expect(existsSync(join(folder, 'data'))).toBe(false);
    },
  );

  it('causes only a warning if a variable has no meaning', async () => {
    const { stderr } = await runCli(tempFolder(), ['ingest'], { SSM_ARCHIVE_PROT: '1' });
    expect(stderr).toContain('SSM_ARCHIVE_PROT is not a setting of ssm-archive and has no effect.');
  });
});

describe.concurrent('without credentials or a region', () => {
  const region = { AWS_REGION: 'eu-west-1' };

  it('a pass says what is missing, exits with code 1, and records its failure if there is an archive', async () => {
    const folder = tempFolder();
    await runCli(folder, ['init']);
    const { exitCode, stdout, stderr } = await runCli(folder, ['ingest'], region);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Give credentials: AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
    expect(stdout).toContain('Pass 1 ended with failures: 0 new invocations.');
    expect(stderr).not.toMatch(/^\s+at /m);
    const status = await runCli(folder, ['status', '--json'], region);
    expect(status.exitCode).toBe(1);
    expect(JSON.parse(status.stdout)).toMatchObject({
      lastRun: { id: 1, outcome: 'failed' },
      missingSources: [{ alias: 'default', accountId: null, lastError: expect.stringContaining('Give credentials') }],
      namelessSources: [{ alias: 'default', error: expect.stringContaining('Give credentials') }],
    });
  });

  it('a pass with --json writes only JSON to standard output', async () => {
    const { exitCode, stdout } = await runCli(tempFolder(), ['ingest', '--json'], region);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ runId: null, outcome: 'failed', sources: [{ alias: 'default' }] });
  });

  it('a pass says where to set a region', async () => {
    const { exitCode, stdout } = await runCli(tempFolder(), ['ingest']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'No region is set for the source "default". Name regions in SSM_ARCHIVE_REGIONS (eu-west-1,us-east-1), in archive.yaml, or in AWS_REGION.',
    );
  });

  it('`doctor` fails the check of credentials and says what to do, passes the other checks, and exits with code 1', async () => {
    const folder = tempFolder();
    const { exitCode, stdout } = await runCli(folder, ['doctor'], region);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^FAILED {3}default: credentials: .*Give credentials/m);
    expect(stdout).toMatch(/^ok {7}archive: .* does not exist yet/m);
    expect(stdout).toContain('1 check failed.');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('`doctor` with --json writes a list of checks', async () => {
    const { stdout } = await runCli(tempFolder(), ['doctor', '--json'], region);
    const checks: { what: string; state: string }[] = JSON.parse(stdout);
    expect(checks.map(({ what }) => what)).toEqual([
      'configuration',
      'disk',
      'archive',
      'ledger key',
      'file modes',
      'default: credentials',
    ]);
    expect(checks.at(-1)?.state).toBe('failed');
  });
});
