import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bringIntoLedger } from '../../src/ledger/bring-in.ts';
import type { Report } from '../../src/questions/reports/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { apiTrial } from '../http/api/api-trial.ts';
import { cellsOf, readPage } from '../http/console/read-page.ts';
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
const alone = apiTrial();
const Schema = z.object({ tables: z.array(z.object({ name: z.string() })) });
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

  it('leaves in the access log which engine was asked', async () => {
    await api.ask('/v1/sql', post({ sql: SQL, engine: 'lake' }));
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/sql', sql: SQL, engine: 'lake' });
    await api.ask('/v1/sql', post({ sql: SQL }));
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/sql', sql: SQL, engine: 'archive' });
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

describe('the SQL page', () => {
  const pathOf = (query: Record<string, string>) => `/sql?${new URLSearchParams(query)}`;

  it('asks the lake if that is chosen, says which days the answer has, and links to files of the same engine', async () => {
    const html = await readPage(api, pathOf({ engine: 'lake', sql: SQL }));
    expect(cellsOf(html)).toEqual([['i-1'], ['i-2']]);
    expect(html).toContain('of the lake, with the days from 2026-03-01 to 2026-03-05 (UTC)');
    expect(html).toMatch(/<option value="lake" selected="">/);
    const links = [...html.matchAll(/href="(\/v1\/sql\?[^"]+)"/g)].map(([, href = '']) =>
      href.replaceAll('&amp;', '&'),
    );
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      const { headers, status } = await api.ask(link);
      expect([link, status]).toEqual([link, 200]);
      if (link.includes('format=')) expect(headers.get('x-ssm-archive-engine')).toBe('lake');
    }
  });

  it('asks the archive by default, and says from which day that is whole', async () => {
    const html = await readPage(api, pathOf({ sql: SQL }));
    expect(cellsOf(html)).toEqual([['i-2']]);
    expect(html).toContain('2026-03-02');
    expect(html).not.toContain('of the lake, with');
  });

  it('refuses an engine that there is not, and a plan of the lake', async () => {
    const other = await api.ask(pathOf({ engine: 'duckdb', sql: SQL }));
    expect([other.status, await other.text()]).toEqual([400, expect.stringContaining('must be one of archive, lake')]);
    const plan = await api.ask(pathOf({ engine: 'lake', explain: 'plan', sql: SQL }));
    expect([plan.status, await plan.text()]).toEqual([400, expect.stringContaining('is only for the engine archive')]);
  });

  it('says in words what DuckDB refuses, and shows the place', async () => {
    const html = await readPage(api, pathOf({ engine: 'lake', sql: 'SELECT nothing FROM invocations' }));
    expect(html).toContain('Referenced column');
    expect(html).toContain('role="alert"');
  });

  it('offers no choice of engines without a lake, and names the setting that is missing', async () => {
    expect(await readPage(alone, '/sql')).not.toContain('name="engine"');
    const refused = await alone.ask(pathOf({ engine: 'lake', sql: SQL }));
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('no lake is configured: set SSM_ARCHIVE_LAKE'),
    ]);
  });

  it('lists the tables of the archive and those of the lake', async () => {
    const html = await readPage(api, '/sql');
    expect(html).toContain('Tables and columns of the lake');
    const { tables } = Schema.parse(await api.json('/v1/sql/schema?engine=lake'));
    expect(tables.map(({ name }) => name)).toContain('plugin_runs');
    for (const { name } of tables) expect(html.split(`data-table="${name}"`)).toHaveLength(3);
  });

  it('saves a question to the lake as a report that asks the lake', async () => {
    const form = { sql: SQL, engine: 'lake', name: 'of-the-lake', description: 'All nodes.', save: 'yes' };
    const saved = await api.ask('/sql/save', {
      ...{ method: 'POST', body: new URLSearchParams(form), redirect: 'manual' as const },
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, '/reports/of-the-lake']);
    expect(await api.json('/v1/reports/of-the-lake')).toMatchObject({ ...FACTS, rows: [['i-1'], ['i-2']] });
  });
});

describe('GET /v1/sql/schema', () => {
  it('lists what each engine can be asked, and refuses the lake where there is none', async () => {
    expect(await api.json('/v1/sql/schema')).toMatchObject({ engine: 'archive', wholeFrom: '2026-03-02' });
    const ofLake = await api.json('/v1/sql/schema?engine=lake');
    expect(ofLake).toMatchObject({ engine: 'lake' });
    expect(ofLake).not.toHaveProperty('wholeFrom');
    expect(await alone.problem('/v1/sql/schema?engine=lake', 400)).toMatchObject({
      errors: [{ field: 'engine', message: expect.stringContaining('no lake is configured') }],
    });
  });
});
