import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { openArchive } from '../../../src/db/open.ts';
import { page, rawInvocation } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { knowTests, onTestEnd } from '../../on-test-end.ts';
import { until } from '../../until.ts';
import { bareEnvironment, CLI, type CliResult, runCli } from '../run-cli.ts';

knowTests();

const ENDLESS = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT';

/** Makes a folder with an archive of two invocations where the command looks for it. */
function folderWithArchive(): string {
  const folder = tempFolder();
  const db = openArchive(join(folder, 'data', 'archive.db'));
  const raws = [{ InstanceId: 'i-1', Comment: '=1+1' }, { InstanceId: 'i-2' }];
  createSingleReplyRecorder(db.sqlite)(page(raws.map(rawInvocation)));
  db.close();
  return folder;
}

const ask = (folder: string, sql: string, ...options: string[]) => runCli(folder, ['sql', ...options, sql]);

/** Returns the command's output. Fails unless it succeeded and reported the number of rows and the time. */
function written({ exitCode, stdout, stderr }: CliResult, rows: string): string {
  expect([exitCode, stderr]).toEqual([0, expect.stringMatching(new RegExp(`^${rows} in [\\d.]+ m?s\\.\\n$`))]);
  return stdout;
}

/** Returns how many processes are reading this folder's archive. */
function readersOf(folder: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`sql-reader.js\0${folder}`);
    } catch {
      return false;
    }
  }).length;
}

describe.concurrent('an answer', () => {
  const sql =
    "SELECT instance_id AS node, 9007199254740993 AS big, 2.0 AS two, NULL AS none, '' AS empty FROM invocations";

  it('is a table by default', async () => {
    expect(written(await ask(folderWithArchive(), sql), '2 rows')).toBe(
      [
        'node               big  two  none  empty',
        '────  ────────────────  ───  ────  ─────',
        'i-1   9007199254740993  2.0  NULL',
        'i-2   9007199254740993  2.0  NULL',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [
      'json',
      '[{"node":"i-1","big":9007199254740993,"two":2.0,"none":null,"empty":""},\n {"node":"i-2","big":9007199254740993,"two":2.0,"none":null,"empty":""}]\n',
    ],
    [
      'ndjson',
      '{"node":"i-1","big":9007199254740993,"two":2.0,"none":null,"empty":""}\n{"node":"i-2","big":9007199254740993,"two":2.0,"none":null,"empty":""}\n',
    ],
    ['csv', 'node,big,two,none,empty\r\ni-1,9007199254740993,2.0,,""\r\ni-2,9007199254740993,2.0,,""\r\n'],
    [
      'markdown',
      '| node | big | two | none | empty |\n| --- | ---: | ---: | --- | --- |\n| i-1 | 9007199254740993 | 2.0 | NULL |  |\n| i-2 | 9007199254740993 | 2.0 | NULL |  |\n',
    ],
  ])('is %s if that format is asked for', async (format, text) => {
    expect(written(await ask(folderWithArchive(), sql, '--format', format), '2 rows')).toBe(text);
  });

  it('has a header and no rows if nothing matches', async () => {
    const folder = folderWithArchive();
    const none = 'SELECT id FROM invocations WHERE id < 0';
    expect(written(await ask(folder, none), '0 rows')).toBe('id\n──\n');
    expect(written(await ask(folder, none, '--format', 'json'), '0 rows')).toBe('[]\n');
    expect(written(await ask(folder, none, '--format', 'csv'), '0 rows')).toBe('id\r\n');
  });

  it('has no characters that control a terminal, and has formulas in csv only with --raw', async () => {
    const folder = folderWithArchive();
    const hostile = await ask(folder, "SELECT char(27) || '[2J' || char(0x202e) || char(10) AS a");
    expect(written(hostile, '1 row').split('\n')[2]).toBe('\\x1b[2J\\u202e\\n');
    const formula = "SELECT comment FROM invocations WHERE comment <> ''";
    expect((await ask(folder, formula, '--format', 'csv')).stdout).toBe('comment\r\n"\'=1+1"\r\n');
    expect((await ask(folder, formula, '--format', 'csv', '--raw')).stdout).toBe('comment\r\n=1+1\r\n');
  });

  it('is written for spreadsheets with --for spreadsheet, which is refused with options that contradict it', async () => {
    const folder = folderWithArchive();
    const csv = (...more: string[]) =>
      ask(folder, "SELECT '00123' AS a, 5 AS b, char(27) AS c", '--for', 'spreadsheet', ...more);
    expect(written(await csv('--format', 'csv'), '1 row')).toBe('\ufeffa,b,c\r\n"=""00123""",5,"\u241b"\r\n');
    expect(await csv()).toMatchObject({ exitCode: 2, stderr: '--for spreadsheet is only for --format csv.\n' });
    expect(await csv('--format', 'csv', '--raw')).toMatchObject({
      exitCode: 2,
      stderr: '--raw is for programs and --for spreadsheet for people: give one of them.\n',
    });
  });

  it('is cut at --limit or at the limit of bytes, and standard error names the limit', async () => {
    const folder = folderWithArchive();
    const limited = await ask(folder, `${ENDLESS} n FROM c`, '--limit', '3', '--format', 'json');
    expect([limited.exitCode, limited.stdout]).toEqual([0, '[{"n":1},\n {"n":2},\n {"n":3}]\n']);
    expect(limited.stderr).toMatch(/^The first 3 rows in .+; there are more than --limit\. --format csv or ndjson has/);
    expect((await ask(folder, `${ENDLESS} n FROM c`)).stderr).toMatch(/^The first 1,000 rows in /);
    const wide = ['sql', `${ENDLESS} printf('%.*c', 1000, 'x') FROM c`];
    const { stderr } = await runCli(folder, wide, { SSM_ARCHIVE_SQL_BYTES: '10000' });
    expect(stderr).toMatch(/^The first 9 rows in .+ than the bytes of an answer allow \(SSM_ARCHIVE_SQL_BYTES\)/);
  });

  it('is given to a query from a file, to a query from standard input, and to a query with parameters', async () => {
    const folder = folderWithArchive();
    writeFileSync(join(folder, 'a.sql'), 'SELECT typeof(:n), :t, typeof(:none)');
    const params = ['--param', 'n=5', '--param', ':t=012345678901', '--param', 'none'];
    const named = await runCli(folder, ['sql', '--format', 'csv', '--file', 'a.sql', ...params]);
    expect(written(named, '1 row').split('\r\n')[1]).toBe('integer,012345678901,null');
    const placed = ['sql', '--format', 'csv', '--param', '2=b', '--param', '1=a', '-'];
    expect(written(await runCli(folder, placed, {}, 'SELECT ?, ?'), '1 row')).toBe('?,?\r\na,b\r\n');
  });
});

describe.concurrent('a query that cannot be answered', () => {
  it.each<[string, string[], string]>([
    [
      'with the line and a caret',
      ['SELECT 1,\n  statuss\n  FROM invocations'],
      'no such column: statuss. Did you mean "status"? (line 2, column 3)\n    statuss\n    ^\n',
    ],
    [
      'because it would write',
      ['DELETE FROM invocations'],
      'Only a query is answered here: one statement that begins with SELECT, WITH, VALUES or EXPLAIN, not with "DELETE". (line 1, column 1)\n  DELETE FROM invocations\n  ^\n',
    ],
    [
      'for a parameter without a value',
      ['SELECT :from'],
      'The parameter :from has no value. Give :name by --param name=value, and ? by --param 1=value.\n',
    ],
    [
      'for a parameter that the SQL does not have',
      ['--param', 'to=5', 'SELECT 1'],
      'The SQL has no parameter "to". Give :name by --param name=value, and ? by --param 1=value.\n',
    ],
  ])('is refused %s, with exit code 2', async (_what, args, said) => {
    for (const format of ['table', 'csv']) {
      const result = await runCli(folderWithArchive(), ['sql', '--format', format, ...args]);
      expect(result).toEqual({ exitCode: 2, stdout: '', stderr: said });
    }
  });

  it('exits with code 1 at its deadline and prints its plan', async () => {
    const { exitCode, stdout, stderr } = await ask(folderWithArchive(), `${ENDLESS} count(*) FROM c`, '--timeout', '4');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^The query took longer than 4s and was ended; --timeout gives it more time\.\nThe plan of the query \(.+\):\n {2}/,
    );
    expect(stderr).toContain('RECURSIVE STEP');
  });

  it('exits with code 1 if it takes too much memory, and names the setting', async () => {
    const { exitCode, stderr } = await ask(folderWithArchive(), "SELECT printf('%.*c', 450000000, 'x')");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^The query needed more than the 512\.0 MiB \(SSM_ARCHIVE_SQL_MEMORY_BYTES\) of memory/);
  });
});

describe.skipIf(!existsSync('/proc'))('no process is left behind', { concurrent: true }, () => {
  it.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('if %s ends the query; the call exits at once with code %d', async (signal, code) => {
    const folder = folderWithArchive();
    const child = spawn(process.execPath, [CLI, 'sql', '--timeout', '600', `${ENDLESS} count(*) FROM c`], {
      ...{ cwd: folder, env: bareEnvironment(folder), stdio: ['ignore', 'pipe', 'pipe'] },
    });
    onTestEnd(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await until(() => readersOf(folder) === 1);
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    await until(() => readersOf(folder) === 0);
  });

  it('if the process that reads from the pipe closes it', async () => {
    const folder = folderWithArchive();
    const child = spawn(process.execPath, [CLI, 'sql', '--format', 'csv', `${ENDLESS} n FROM c`], {
      ...{ cwd: folder, env: bareEnvironment(folder), stdio: ['ignore', 'pipe', 'pipe'] },
    });
    onTestEnd(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    const [first] = await once(child.stdout, 'data');
    expect(String(first).startsWith('n\r\n1\r\n')).toBe(true);
    child.stdout.destroy();
    expect(await ended).toEqual([0, null]);
    expect(String(child.stderr.read() ?? '')).toBe('');
    await until(() => readersOf(folder) === 0);
  });
});
