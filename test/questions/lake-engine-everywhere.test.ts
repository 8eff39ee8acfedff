import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringIntoLedger } from '../../src/ledger/bring-in.ts';
import type { Report } from '../../src/questions/reports/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { apiTrial } from '../http/api/api-trial.ts';
import { sealOneDay } from '../lake/seal-one-day.ts';

const secondsOf = (iso: string) => Date.parse(iso) / 1000;
const lake = mkdtempSync(join(tmpdir(), 'ssm-archive-lake-'));
afterAll(() => rmSync(lake, { recursive: true }));
const OVER_ALL: Report = {
  name: 'over-all',
  description: 'All nodes since a day.',
  sql: 'SELECT instance_id FROM invocations WHERE requested_at >= :from ORDER BY ALL',
  engine: 'lake',
  parameters: [{ name: 'from', type: 'date', description: 'The first day.', default: '2026-03-01' }],
};
const api = apiTrial({ lake, reports: [OVER_ALL] });
const SQL = 'SELECT instance_id FROM invocations ORDER BY requested_at';
const FACTS = { engine: 'lake', from: '2026-03-01', to: '2026-03-05' };
const post = (body: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

beforeAll(async () => {
  api.record([
    { InstanceId: 'i-1', RequestedDateTime: secondsOf('2026-03-01T09:00:00Z') },
    { CommandId: 'c-2', InstanceId: 'i-2', RequestedDateTime: secondsOf('2026-03-05T09:00:00Z') },
  ]);
  bringIntoLedger(api.db.sqlite);
  await sealOneDay(api.db.sqlite.name, lake, '2026-03-01');
});

describe('an answer of SQL', () => {
  it('says that the lake gave it, from when to when, and as of when, by POST, by GET and in downloads', async () => {
    const asOf = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/);
    const answer = await api.json('/v1/sql', post({ sql: SQL, engine: 'lake' }));
    expect(answer).toMatchObject({ ...FACTS, asOf, rows: [['i-1'], ['i-2']] });
    expect(answer).not.toHaveProperty('wholeFrom');
    const link = `/v1/sql?engine=lake&sql=${encodeURIComponent(SQL)}`;
    expect(await api.json(link)).toMatchObject(FACTS);
    const { headers } = await api.ask(`${link}&format=csv`);
    expect(['engine', 'from', 'to', 'as-of', 'whole-from'].map((name) => headers.get(`x-ssm-archive-${name}`))).toEqual(
      [...['lake', '2026-03-01', '2026-03-05', asOf, null]],
    );
  });

  it('says that the archive gave it, and from which day it is whole', async () => {
    const answer = await api.json('/v1/sql', post({ sql: SQL }));
    expect(answer).toMatchObject({ engine: 'archive', wholeFrom: '2026-03-02', rows: [['i-2']] });
    const { headers } = await api.ask(`/v1/sql?format=csv&sql=${encodeURIComponent(SQL)}`);
    expect(headers.get('x-ssm-archive-engine')).toBe('archive');
  });

  it('comes from no engine that there is not, and the lake is no way to a file', async () => {
    expect((await api.ask('/v1/sql?engine=duckdb&sql=SELECT+1')).status).toBe(400);
    const wrong = await api.ask('/v1/sql', post({ sql: "SELECT * FROM read_text('/etc/passwd')", engine: 'lake' }));
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      expect.objectContaining({ errors: [expect.objectContaining({ field: 'sql' })] }),
    ]);
  });

  it.each(['table', 'json', 'csv', 'ndjson', 'markdown'])(
    'the command sql --lake says it on standard error, with the format %s',
    async (format) => {
      const env = { SSM_ARCHIVE_DB: api.db.sqlite.name, SSM_ARCHIVE_LAKE: lake };
      const { stdout, stderr, exitCode } = await runCli(tmpdir(), ['sql', '--lake', '--format', format, SQL], env);
      expect([exitCode, stderr]).toEqual([
        0,
        expect.stringContaining('of the lake, with the days from 2026-03-01 to 2026-03-05 (UTC)'),
      ]);
      expect(stdout).toContain('i-1');
    },
  );
});

describe('a report of the lake', () => {
  it('is run by the lake, and says so in JSON, in downloads and on its page', async () => {
    const rows = [['i-1'], ['i-2']];
    expect(await api.json('/v1/reports/over-all')).toMatchObject({ ...FACTS, rows });
    const { headers } = await api.ask('/v1/reports/over-all?format=csv');
    expect(headers.get('x-ssm-archive-engine')).toBe('lake');
    const page = await (await api.app.request('/reports/over-all?from=2026-03-01')).text();
    expect(page).toContain('This answer is of the lake, with the days from 2026-03-01 to 2026-03-05 (UTC)');
  });

  it('can be saved if DuckDB accepts its SQL, and is refused with the words of DuckDB otherwise', async () => {
    const save = (sql: string) =>
      api.ask('/v1/reports/saved', { ...post({ description: 'All.', sql, engine: 'lake' }), method: 'PUT' });
    expect((await save('SELECT count(*)::VARCHAR AS n FROM invocations GROUP BY ALL')).status).toBe(201);
    expect(await api.json('/v1/reports/saved')).toMatchObject({ engine: 'lake', rows: [['2']] });
    const wrong = await save('SELECT julianday(requested_at) FROM invocations');
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('julianday')]);
    expect((await save("SELECT * FROM read_text('/etc/passwd')")).status).toBe(400);
  });

  it('is refused for an evidence pack, whose rows the archive’s file must have', async () => {
    const env = { SSM_ARCHIVE_DB: api.db.sqlite.name, SSM_ARCHIVE_LAKE: lake };
    const yaml = join(lake, 'archive.yaml');
    writeFileSync(yaml, `reports:\n  - { name: all, description: All., sql: SELECT 1, engine: lake }\n`);
    const args = ['evidence', '--from', '2026-03-02', '--to', '2026-03-08', '--report', 'all', '--output', 'pack.zip'];
    const { exitCode, stderr } = await runCli(tmpdir(), args, { ...env, SSM_ARCHIVE_CONFIG: yaml });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is of the lake')]);
    const run = await runCli(tmpdir(), ['report', 'all'], { ...env, SSM_ARCHIVE_CONFIG: yaml });
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining('This answer is of the lake')]);
  });
});

const other = apiTrial();

describe('where no lake is configured', () => {
  it('SQL over the lake is refused in words that say what to set, by the API and by the command', async () => {
    const reply = await other.ask('/v1/sql', post({ sql: SQL, engine: 'lake' }));
    expect([reply.status, await reply.json()]).toEqual([
      400,
      expect.objectContaining({
        errors: [{ field: 'engine', message: expect.stringContaining('set SSM_ARCHIVE_LAKE') }],
      }),
    ]);
    const env = { SSM_ARCHIVE_DB: other.db.sqlite.name };
    const { stderr, exitCode } = await runCli(tmpdir(), ['sql', '--lake', SQL], env);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no lake is configured')]);
  });
});
