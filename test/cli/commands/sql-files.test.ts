import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQuestionRunner } from '../../../src/cli/sql/run-question.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { UserFault } from '../../../src/lib/errors/user-fault.ts';
import { FILE_FORMATS, type FileFormat } from '../../../src/lib/media-types.ts';
import { apiTrial } from '../../http/api/api-trial.ts';
import { sealOneDay } from '../../lake/seal-one-day.ts';
import { readArrow, readParquet } from '../../lib/columns/read-columns.ts';
import { until } from '../../until.ts';
import { capturedTerminal } from '../captured-terminal.ts';
import { bareEnvironment, CLI } from '../run-cli.ts';

const secondsOf = (iso: string) => Date.parse(iso) / 1000;
const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-sql-files-'));
const lake = join(folder, 'lake');
mkdirSync(lake);
afterAll(() => rmSync(folder, { recursive: true }));
const api = apiTrial({ lake });
let url = '';

beforeAll(async () => {
  api.record([
    { InstanceId: 'i-1', RequestedDateTime: secondsOf('2026-03-01T09:00:00Z') },
    { CommandId: 'c-2', InstanceId: 'i-2', RequestedDateTime: secondsOf('2026-03-05T09:00:00Z') },
  ]);
  bringIntoLedger(api.db.sqlite);
  await sealOneDay(api.db.sqlite.name, lake, '2026-03-01');
  const server = serve({ fetch: api.app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no address.');
  url = `http://127.0.0.1:${address.port}`;
  return () => new Promise<void>((resolve) => void server.close(() => resolve()));
});

const read = { parquet: readParquet, arrow: async (bytes: Uint8Array) => readArrow(bytes) };
const SQL = 'SELECT instance_id, requested_at FROM invocations ORDER BY requested_at';
const NEWER = ['i-2', '2026-03-05T09:00:00.000Z'];

/** Runs the command with its standard output in a file, as a shell does it with `>`. */
function start(args: string[], path: string) {
  const out = openSync(path, 'w');
  const env = { ...bareEnvironment(folder), SSM_ARCHIVE_DB: api.db.sqlite.name, SSM_ARCHIVE_LAKE: lake };
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env, stdio: ['ignore', out, 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = new Promise<{ exitCode: number | null; stderr: string }>((resolve) =>
    child.on('close', (exitCode) => resolve({ exitCode, stderr })),
  );
  return { child, ended };
}

async function written(format: FileFormat, ...args: string[]) {
  const path = join(folder, `answer.${format}`);
  const { exitCode, stderr } = await start([...args, '--format', format], path).ended;
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  return { stderr, ...(await read[format](readFileSync(path))) };
}

describe.each(FILE_FORMATS)('an answer as %s', (format) => {
  it('is written by the command, from either engine, and standard error says how many rows there are', async () => {
    const { stderr, ...found } = await written(format, 'sql', SQL);
    expect(stderr).toMatch(/^1 row in [\d.]+ m?s\.\nThis answer is whole only from 2026-03-02/);
    expect(found).toMatchObject({ names: ['instance_id', 'requested_at'], rows: [NEWER] });
    expect(found.metadata).toEqual({ 'ssm-archive-engine': 'archive', 'ssm-archive-whole-from': '2026-03-02' });

    const ofLake = await written(format, 'sql', '--lake', SQL);
    expect(ofLake.stderr).toMatch(/^2 rows in [\d.]+ m?s\.\nThis answer is of the lake/);
    expect(ofLake).toMatchObject({
      rows: [['i-1', '2026-03-01T09:00:00.000Z'], NEWER],
      metadata: { 'ssm-archive-engine': 'lake' },
    });
  });

  it('is got from a server, byte for byte', async () => {
    const { stderr, rows } = await written(format, 'sql', '--url', url, '--lake', SQL);
    // A slow machine is told first that the server has not answered yet.
    expect(stderr).toMatch(/^[\d.,]+ (bytes|B|KiB) in [\d.]+ m?s\.\nThis answer is of the lake/m);
    expect(rows).toEqual([['i-1', '2026-03-01T09:00:00.000Z'], NEWER]);
  });

  it('may be that of a report', async () => {
    const asked = ['report', 'what-ran', '--param', 'from=2026-03-01', '--param', 'to=2026-04-01'];
    const { names, rows, metadata } = await written(format, ...asked);
    expect([rows.length, names.length > 3, metadata['ssm-archive-whole-from']]).toEqual([1, true, '2026-03-02']);
    const later = await written(format, 'report', 'what-ran', '--param', 'from=2026-03-02', '--param', 'to=2026-04-01');
    expect([later.rows.length, later.metadata]).toEqual([1, { 'ssm-archive-engine': 'archive' }]);
  });

  it('has no end if the query is stopped while it is written', async () => {
    const path = join(folder, `stopped.${format}`);
    const endless = 'WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c';
    const { child, ended } = start(['sql', '--format', format, endless], path);
    await until(() => statSync(path).size > 10_000);
    child.kill('SIGINT');
    expect(await ended).toEqual({ exitCode: 130, stderr: expect.stringContaining('The query was ended.') });
    await expect(read[format](readFileSync(path))).rejects.toThrow();
  });

  it('is not written to a terminal, and is refused with --limit', async () => {
    const { terminal, out } = capturedTerminal({ isTTY: true });
    const runner = () => createQuestionRunner({ format }, terminal);
    expect(runner).toThrow(UserFault);
    expect(runner).toThrow(
      `--format ${format} writes a binary file, which a terminal can't show: write it into one, with > answer.${format} at the end.`,
    );
    await expect(terminal.data([Buffer.from('PAR1\x1b[2J')], 'binary')).rejects.toThrow();
    expect(out()).toBe('');
    const refused = await start(['sql', '--format', format, '--limit', '5', SQL], join(folder, 'refused')).ended;
    expect(refused).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining(`--limit is not for ${format}, which has all rows`),
    });
  });
});

it('a value that does not fit into its column is refused by the command, with what to write instead', async () => {
  const sql = "SELECT 1 AS n UNION ALL SELECT 'two'";
  const { exitCode, stderr } = await start(['sql', '--format', 'parquet', sql], join(folder, 'mixed')).ended;
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Row 2 has text in the column "n"')]);
  expect(statSync(join(folder, 'mixed')).size).toBe(0);
});
