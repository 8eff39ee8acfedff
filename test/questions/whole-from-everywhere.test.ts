import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_REPORTS } from '../../src/archive/reports/built-in-reports.ts';
import { bringIntoLedger } from '../../src/ledger/bring-in.ts';
import type { Report } from '../../src/questions/reports/report.ts';
import { sayWholeFrom } from '../../src/questions/say-whole-from.ts';
import { runCli } from '../cli/run-cli.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { apiTrial } from '../http/api/api-trial.ts';
import { sealOneDay } from '../lake/seal-one-day.ts';

const secondsOf = (iso: string) => Date.parse(iso) / 1000;
const OWN: Report = { name: 'own', description: 'All.', parameters: [], sql: 'SELECT command_id FROM invocations' };
const lake = mkdtempSync(join(tmpdir(), 'ssm-archive-lake-'));
afterAll(() => rmSync(lake, { recursive: true }));
const api = apiTrial({ reports: [OWN], lake });
const FLOOR = '2026-03-02';
const SENTENCE = 'is whole only from 2026-03-02 (UTC) on';
const NODE = 'nodes/012345678901/eu-west-1/i-1';

beforeAll(() =>
  api.record([
    { InstanceId: 'i-1', DocumentName: 'Old', RequestedDateTime: secondsOf('2026-03-01T09:00:00Z') },
    { CommandId: 'c-2', InstanceId: 'i-2', DocumentName: 'New', RequestedDateTime: secondsOf('2026-03-05T09:00:00Z') },
  ]),
);

const SQL = encodeURIComponent('SELECT count(*) FROM invocations');
const BEFORE = 'requestedAfter=2026-03-01&requestedBefore=2026-03-08';
const SINCE = 'requestedAfter=2026-03-02&requestedBefore=2026-03-08';
const spanOf = (from: string, { parameters }: Report) =>
  [
    ...parameters.flatMap(({ name }) => (name === 'from' || name === 'since' ? [`${name}=${from}`] : [])),
    ...parameters.flatMap(({ type, name }) => (type === 'zone' ? [`${name}=UTC`] : [])),
  ].join('&');

/** Every answer of the API that reads the rows of the file alone, and may lack those of a sealed day. */
const SAYS = [
  `/v1/sql?sql=${SQL}`,
  '/v1/sql/schema',
  '/v1/reports/own',
  ...BUILT_IN_REPORTS.filter(({ reads }) => reads === undefined || reads === 'span').map(
    (report) => `/v1/reports/${report.name}?${spanOf('2026-03-01', report)}`,
  ),
  '/v1/reports/nodes-not-patched?since=2026-03-05',
  '/v1/reports/failures-by-document-and-week?from=2026-03-01&time_zone=Europe/Berlin',
  ...['hour', 'instance', 'plugin', 'day,instance'].map((groups) => `/v1/stats?groupBy=${groups}&${BEFORE}`),
  '/v1/stats?groupBy=day&durations=true',
  '/v1/stats?groupBy=day&instanceId=i-1',
  '/v1/stats?groupBy=day&requestedAfter=2026-03-01T03:00:00Z',
  '/v1/stats?groupBy=day&requestedBefore=2026-03-01T12:00:00Z',
  '/v1/instances?',
  `/v1/instances/${NODE.slice(6)}?`,
  '/v1/documents?',
];

/** Answers that lack nothing, because nothing before the floor was asked for, or because the file has all of it. */
const IS_WHOLE = [
  ...BUILT_IN_REPORTS.filter(({ reads }) => reads === 'span').map(
    (report) => `/v1/reports/${report.name}?${spanOf('2026-03-02', report)}`,
  ),
  ...BUILT_IN_REPORTS.filter(({ reads }) => reads === 'nothing' || reads === 'spanUnlessUtc').map(
    (report) => `/v1/reports/${report.name}?${spanOf('2026-03-01', report)}`,
  ),
  ...['hour', 'instance', 'plugin'].map((groups) => `/v1/stats?groupBy=${groups}&${SINCE}`),
  ...['day', 'week', 'month', 'document,status', 'account,region'].map((groups) => `/v1/stats?groupBy=${groups}`),
  '/v1/stats?groupBy=day&requestedAfter=2026-03-01',
  '/v1/stats?groupBy=day&requestedAfter=2026-03-01&requestedBefore=2026-03-05T12:00:00Z',
  '/v1/invocations?',
  '/v1/commands?',
  '/v1/coverage?',
];

/** Pages of the console, with what the sentence on them is about. */
const PAGES = [
  [`/sql?sql=${SQL}`, 'This answer'],
  ['/sql', 'What SQL can read'],
  ['/reports/what-ran?from=2026-03-01', 'This answer'],
  ['/reports/own?limit=100', 'This answer'],
  ['/nodes', 'Each number in this list'],
  [`/${NODE}`, 'All of this page but its list of invocations'],
  ['/documents', 'The time of day in the column Last'],
  ['/documents/Old', 'What follows'],
  ['/documents/Old?from=2026-03-01T03:00:00Z&to=2026-03-02', 'This chart'],
  ['/invocations?instanceId=i-2', 'This count'],
  ['/?from=2026-03-01T03:00:00Z&to=2026-03-02', 'This chart'],
  ['/?from=2026-03-01&to=2026-03-20', 'This list'],
] as const;
const WHOLE_PAGES = [
  '/reports/what-ran?from=2026-03-02',
  '/invocations?requestedAfter=2026-03-01',
  '/commands',
  '/coverage',
  '/?from=2026-03-02&to=2026-03-20',
];

const dayOf = async (path: string) => (await api.json(path)).wholeFrom;
const textOf = async (path: string) => (await (await api.app.request(path)).text()).replaceAll(/\s+/g, ' ');

describe('an archive without a sealed day', () => {
  it('says nowhere that something may be missing', async () => {
    for (const path of [...SAYS, ...IS_WHOLE]) expect([path, await dayOf(path)]).toEqual([path, undefined]);
    for (const path of [...PAGES.map(([path]) => path), ...WHOLE_PAGES])
      expect(await textOf(path), path).not.toContain('is whole only from');
  });
});

describe('once a day is sealed', () => {
  beforeAll(async () => {
    bringIntoLedger(api.db.sqlite);
    await sealOneDay(api.db.sqlite.name, lake, '2026-03-01');
  });

  it.each(SAYS)('%s says from which day its answer is whole', async (path) => {
    expect(await dayOf(path)).toBe(FLOOR);
    if (path === '/v1/sql/schema' || path.startsWith('/v1/instances/')) return;
    for (const format of ['csv', 'ndjson']) {
      const reply = await api.ask(`${path}${path.includes('?') ? '&' : '?'}format=${format}`);
      expect([reply.status, reply.headers.get('x-ssm-archive-whole-from')]).toEqual([200, FLOOR]);
    }
  });

  it.each(IS_WHOLE)('%s says nothing, because nothing is missing', async (path) => {
    expect(await dayOf(path)).toBeUndefined();
    const reply = await api.ask(path);
    expect(reply.headers.get('x-ssm-archive-whole-from')).toBeNull();
  });

  it('SQL by POST says it too', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ sql: 'SELECT 1' });
    expect(await api.json('/v1/sql', { method: 'POST', headers, body })).toMatchObject({ wholeFrom: FLOOR });
  });

  it.each(PAGES)('the page %s says it of what it shows', async (path, what) => {
    expect(await textOf(path)).toContain(sayWholeFrom(FLOOR, what));
  });

  it.each(WHOLE_PAGES)('the page %s says nothing, because nothing is missing', async (path) => {
    expect(await textOf(path)).not.toContain(SENTENCE);
  });

  it('a chart of a short span has days instead of hours, because counts by day have what is in the lake', async () => {
    expect(await textOf('/?from=2026-03-02&to=2026-03-03')).toContain('by hour');
    for (const path of ['/?from=2026-03-01&to=2026-03-02', '/documents/Old?from=2026-03-01&to=2026-03-02']) {
      expect(await textOf(path)).toContain('by day');
      expect(await textOf(path)).not.toContain(sayWholeFrom(FLOOR, 'This chart'));
    }
  });

  it('the form for evidence packs does not call a pack empty if it did not count the days of the lake', async () => {
    const asked = `/evidence?${BEFORE}&instanceId=i-0`;
    expect(await textOf(asked)).toContain('those of days before 2026-03-02, which are in the lake');
    expect(await textOf(asked)).not.toContain('Nothing in the archive matches');
    expect(await textOf(`/evidence?${SINCE}&instanceId=i-0`)).toContain('Nothing in the archive matches');
  });

  it('a document whose runs are all in the lake still has its page, with its numbers', async () => {
    const { sqlite } = api.db;
    const gone = 'UPDATE invocations SET document_name = ? WHERE document_name = ?';
    sqlite.prepare(gone).run('Elsewhere', 'Old');
    expect(await textOf('/documents/Old')).toContain(sayWholeFrom(FLOOR, 'What follows'));
    sqlite.prepare(gone).run('Old', 'Elsewhere');
  });

  it('lists of nodes and documents have the last day of those that only the lake has', async () => {
    const { items: nodes } = await api.list('/v1/instances');
    expect(nodes.map(({ instanceId, lastRequestedOn }) => [instanceId, lastRequestedOn])).toEqual([
      ['i-1', '2026-03-01'],
      ['i-2', '2026-03-05'],
    ]);
    const { items: documents } = await api.list('/v1/documents');
    expect(documents).toMatchObject([
      { documentName: 'New', lastRequestedOn: '2026-03-05' },
      { documentName: 'Old', lastRequestedOn: '2026-03-01' },
    ]);
    for (const path of ['/nodes', '/documents', '/documents/Old']) {
      const html = await (await api.app.request(path)).text();
      expect([path, html.includes('never')]).toEqual([path, false]);
      expect([path, html]).toEqual([path, expect.stringContaining('2026-03-01</time>')]);
    }
  });

  it('an evidence pack says it of the rows of its query, and the command too', async () => {
    const folder = tempFolder();
    const env = { SSM_ARCHIVE_DB: api.db.sqlite.name };
    const span = ['--from', '2026-03-02', '--to', '2026-03-08', '--output', 'pack.zip', '--json'];
    const made = await runCli(folder, ['evidence', ...span, '--sql', 'SELECT 1 AS one'], env);
    expect([made.exitCode, JSON.parse(made.stdout).question.query.wholeFrom]).toEqual([0, FLOOR]);
    expect(made.stderr).toContain(sayWholeFrom(FLOOR, 'The answer to the query in the pack'));
  });

  it.each(['table', 'json', 'csv', 'ndjson', 'markdown'])(
    'the commands sql and report say it on standard error, with the format %s',
    async (format) => {
      const env = { SSM_ARCHIVE_DB: api.db.sqlite.name };
      const run = (...args: string[]) => runCli(tmpdir(), [...args, '--format', format], env);
      expect((await run('sql', 'SELECT 1')).stderr).toContain(SENTENCE);
      expect((await run('report', 'what-ran', '--param', 'from=2026-03-01')).stderr).toContain(SENTENCE);
      expect((await run('report', 'what-ran', '--param', 'from=2026-03-02')).stderr).not.toContain(SENTENCE);
    },
  );
});
