import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { BUILT_IN_REPORTS } from '../../../../src/archive/reports/built-in-reports.ts';
import type { Report, ReportParameter } from '../../../../src/questions/reports/report.ts';
import { apiTrial, faultsOf } from '../api-trial.ts';

const OF_THE_NODE: Report = {
  name: 'of-the-node',
  description: 'What ran on a node.',
  sql: 'SELECT instance_id, comment FROM invocations WHERE instance_id >= :node ORDER BY instance_id',
  parameters: [{ name: 'node', type: 'text', description: 'The first node.' }],
};
const api = apiTrial({
  reports: [OF_THE_NODE],
  deliveries: [
    { report: 'what-ran', schedule: '0 6 * * *', directory: '/out', format: 'csv', values: {} },
    { report: 'what-ran', schedule: '0 7 * * 1', directory: '/out', format: 'ndjson', values: {} },
  ],
});
await api.record([
  { InstanceId: 'i-1', Comment: '=1+1' },
  { InstanceId: 'i-2', Comment: '' },
]);
// The processes that answer SQL start with the first query, which may use its whole deadline on a busy machine.
while ((await api.ask('/v1/sql?sql=SELECT+1')).status !== 200);
afterEach(() => rmSync(api.reportsFile, { force: true }));

const put = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'PUT',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const typed = (type: ReportParameter['type'], more: Partial<ReportParameter> = {}): ReportParameter => ({
  ...{ name: 'p', type, description: 'A sentence.', ...more },
});
const save = (name: string, sql: string, parameters: ReportParameter[] = []) =>
  api.ask(`/v1/reports/${name}`, put({ description: 'A sentence.', sql, parameters }));
const rows = async (path: string) => (await api.json(path)).rows;

describe('the list of reports', () => {
  it('has the built-in reports, the reports in archive.yaml and the saved reports, with their schedules', async () => {
    await save('mine', 'SELECT 1');
    const { items } = await api.list('/v1/reports');
    expect(items.map(({ name }) => name).sort()).toEqual(
      [...BUILT_IN_REPORTS.map(({ name }) => name), 'of-the-node', 'mine'].sort(),
    );
    expect(items.find(({ name }) => name === 'of-the-node')).toEqual({
      ...OF_THE_NODE,
      ...{ origin: 'configured', engine: 'archive', engines: ['archive'], schedules: [] },
    });
    expect(items.find(({ name }) => name === 'what-ran')).toMatchObject({
      ...{ origin: 'built-in', schedules: ['0 6 * * *', '0 7 * * 1'] },
    });
    expect(items.find(({ name }) => name === 'mine')).toMatchObject({
      origin: 'saved',
      engine: 'archive',
      engines: ['archive'],
      sql: 'SELECT 1',
    });
  });
});

describe('a report', () => {
  it.each(BUILT_IN_REPORTS)('runs with its defaults if it is built in: $name', async ({ name, sql }) => {
    expect(await api.json(`/v1/reports/${name}`)).toMatchObject({ columns: expect.any(Array), truncated: false });
    expect(api.accessRows()[0]).toMatchObject({ path: `/v1/reports/${name}`, sql, status: 200 });
  });

  it('takes its parameters by name, and answers in the same form as SQL', async () => {
    const { elapsedMs, ...answer } = await api.json('/v1/reports/of-the-node?node=i-2');
    expect(answer).toEqual({
      columns: [
        { name: 'instance_id', type: 'TEXT' },
        { name: 'comment', type: 'TEXT' },
      ],
      rows: [['i-2', '']],
      ...{ engine: 'archive', rowCount: 1, truncated: false },
    });
    expect(api.accessRows()[0]).toMatchObject({ sql: OF_THE_NODE.sql, params: '{"node":"i-2"}', rows: 1 });
    const cut = await api.json('/v1/reports/of-the-node?node=&limit=1');
    expect(cut).toMatchObject({ rows: [['i-1', '=1+1']], truncated: true });
    const empty = `/v1/reports/of-the-node?node=${encodeURIComponent("' OR 1=1 --")}&limit=1`;
    expect(await rows(empty)).toEqual([['i-1', '=1+1']]);
  });

  it('can be downloaded as CSV and NDJSON, in a file with the report’s name', async () => {
    const csv = await api.ask('/v1/reports/of-the-node?node=i&format=csv');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="of-the-node-20260331T120000Z.csv"');
    expect(await csv.text()).toBe(`instance_id,comment\r\ni-1,"'=1+1"\r\ni-2,""\r\n`);
    expect(await (await api.ask('/v1/reports/of-the-node?node=i&format=csv&csv=raw')).text()).toContain('i-1,=1+1\r\n');
    const headers = { accept: 'application/x-ndjson' };
    const lines = await (await api.ask('/v1/reports/of-the-node?node=i', { headers })).text();
    expect(lines).toBe('{"instance_id":"i-1","comment":"=1+1"}\n{"instance_id":"i-2","comment":""}\n');
    expect(api.accessRows()[0]).toMatchObject({ rows: 2, outcome: 'complete', sql: OF_THE_NODE.sql });
  });

  it.each([
    ['integer', '7', '7', 'integer'],
    ['integer', '9007199254740993', '9007199254740993', 'integer'],
    ['integer', '-9223372036854775808', '-9223372036854775808', 'integer'],
    ['real', '2', '2.0', 'real'],
    ['real', '-0.5', '-0.5', 'real'],
    ['text', '7', '"7"', 'text'],
    ['date', 'today', '"2026-03-31"', 'text'],
    ['time', '-12h', '"2026-03-31T00:00:00.000Z"', 'text'],
  ] as const)('binds a parameter of type %s with the text %s as the value %s', async (type, given, value, kind) => {
    await save('typed', 'SELECT :p, typeof(:p)', [typed(type)]);
    const reply = await api.ask(`/v1/reports/typed?p=${given}`);
    expect(await reply.text()).toContain(`"rows":[[${value},"${kind}"]]`);
  });

  it('says for each parameter what is wrong with it', async () => {
    const fault = async (path: string) => faultsOf(await api.problem(path, 400));
    expect(await fault('/v1/reports/slowest-steps?most=all&from=yesterday&form=1&__proto__=1')).toEqual({
      most: expect.stringMatching(/^must be a whole number/),
      from: expect.stringMatching(/^must be a date/),
      form: expect.stringMatching(/^is not a parameter of slowest-steps; its parameters are from, to/),
      ['__proto__']: expect.stringMatching(/^is not a parameter/),
    });
    expect(await fault('/v1/reports/of-the-node')).toEqual({ node: 'is needed: The first node.' });
    expect(await fault('/v1/reports/of-the-node?node=a&node=b')).toEqual({ node: 'must be given once' });
    expect(Object.keys(await fault('/v1/reports/unfinished?limit=0&format=xml&timeoutMs=x'))).toHaveLength(3);
    expect(await fault('/v1/reports/unfinished?limit=100000')).toHaveProperty('limit');
    expect((await api.problem('/v1/reports/nowhere', 404)).detail).toBe('There is no report "nowhere".');
  });
});

describe('a saved report', () => {
  const body = { description: 'One.', sql: 'SELECT :p AS p', parameters: [typed('text', { default: 'a' })] };

  it('can be run, replaced and deleted', async () => {
    const made = await api.ask('/v1/reports/mine', put(body));
    expect([made.status, made.headers.get('location')]).toEqual([201, '/v1/reports/mine']);
    expect(await made.json()).toEqual({
      name: 'mine',
      origin: 'saved',
      engine: 'archive',
      engines: ['archive'],
      schedules: [],
      ...body,
    });
    expect(api.accessRows()[0]).toMatchObject({ method: 'PUT', status: 201, sql: body.sql });
    expect(await rows('/v1/reports/mine')).toEqual([['a']]);
    expect((await save('mine', 'SELECT 2')).status).toBe(200);
    expect(await rows('/v1/reports/mine')).toEqual([[2]]);
    const gone = await api.ask('/v1/reports/mine', { method: 'DELETE' });
    expect([gone.status, await gone.text()]).toEqual([204, '']);
    await api.problem('/v1/reports/mine', 404, { method: 'DELETE' });
    await api.problem('/v1/reports/mine', 404);
  });

  it('cannot have the name of a built-in report, or of a report in archive.yaml', async () => {
    for (const name of ['what-ran', 'of-the-node']) {
      await api.problem(`/v1/reports/${name}`, 409, put(body));
      await api.problem(`/v1/reports/${name}`, 409, { method: 'DELETE' });
    }
    expect((await api.problem('/v1/reports/what-ran', 409, put(body))).detail).toContain('ships with ssm-archive');
  });

  it('is checked before it is saved, and each fault is reported with its place', async () => {
    const fault = async (given: unknown) => faultsOf(await api.problem('/v1/reports/mine', 400, put(given)));
    expect(await fault({})).toEqual({ description: 'is needed: a sentence', sql: 'is needed: one SELECT' });
    const odd = { ...body, parameters: [typed('integer', { default: 'x' }), { ...typed('text'), kind: 1 }], more: 1 };
    expect(await fault(odd)).toMatchObject({
      'parameters[0].default': expect.stringMatching(/^must be a whole number/),
      'parameters[1].kind': expect.any(String),
      more: expect.any(String),
    });
    expect(await fault({ ...body, sql: 'SELECT :q' })).toMatchObject({ sql: expect.stringContaining(':q') });
    expect(await fault([])).toHaveProperty('body');
    expect(faultsOf(await api.problem('/v1/reports/No!', 400, put(body)))).toHaveProperty('name');
    const untyped = { method: 'PUT', body: JSON.stringify(body) };
    expect(faultsOf(await api.problem('/v1/reports/mine', 400, untyped)).body).toContain('application/json');
    await api.problem('/v1/reports/mine', 413, put({ ...body, sql: 'x'.repeat(1_100_000) }));
    await api.problem('/v1/reports/mine', 404);
  });

  it.each([
    ['SELECT *\nFROM nowhere', 'no such table: nowhere', { offset: 15, line: 2, column: 6 }],
    ['SELECT no_such', 'no such column: no_such', { offset: 8, line: 1, column: 8 }],
    ['SELECT (1', 'incomplete input', { offset: 10, line: 1, column: 10 }],
    ['EXPLAIN SELECT no_such', 'no such column: no_such', { offset: 16, line: 1, column: 16 }],
    ['SELECT * FROM pragma_database_list', /may not be read here/, { offset: 15, line: 1, column: 15 }],
    ['WITH a AS (SELECT 1) DELETE FROM invocations', /Only a query is answered here/, undefined],
  ])(
    'must have SQL that SQLite accepts; otherwise an error says what is wrong, and where: %s',
    async (sql, message, position) => {
      const { errors = [] } = await api.problem('/v1/reports/mine', 400, put({ description: 'One.', sql }));
      expect(errors).toMatchObject([
        { field: 'sql', message: expect.stringMatching(message), ...(position && { position }) },
      ]);
      await api.problem('/v1/reports/mine', 404);
    },
  );

  it('is not run when it is saved, only prepared, because its query may run forever', async () => {
    const endless = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';
    expect((await save('endless', endless)).status).toBe(201);
    expect((await api.problem('/v1/reports/endless?timeoutMs=200', 504)).plan).toContain('  RECURSIVE STEP');
    for (const sql of ['EXPLAIN QUERY PLAN SELECT 1', 'SELECT 1;', '-- one\nSELECT 1', 'VALUES (1)'])
      expect([sql, (await save('mine', sql)).status]).toEqual([sql, expect.toBeOneOf([200, 201])]);
  });

  it('is in a file that people edit: if that file has faults, the other reports still work', async () => {
    writeFileSync(api.reportsFile, 'reports:\n  - {name: a, description: b}');
    const { detail } = await api.problem('/v1/reports', 500);
    expect(detail).toContain('reports[0].sql: is needed');
    expect(detail).not.toContain(api.reportsFile);
    expect(JSON.stringify(api.logged)).toContain(api.reportsFile);
    await api.problem('/v1/reports/a', 500);
    await api.problem('/v1/reports/a', 500, put(body));
    expect(await rows('/v1/reports/of-the-node?node=i-2')).toEqual([['i-2', '']]);
  });
});

it('a request with a method that its route does not have is answered with 405', async () => {
  const posted = await api.app.request('/v1/reports/mine', { method: 'POST' });
  expect(posted.status).toBe(405);
  expect(posted.headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PUT']);
  const replaced = await api.app.request('/v1/reports', { method: 'PUT' });
  expect([replaced.status, replaced.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

// This must be the last test: once there is a token, everybody needs one.
it('a reader runs reports, and a caller with the role sql saves and deletes them', async () => {
  const as = (role: 'reader' | 'sql') => ({ authorization: `Bearer ${api.makeToken(role)}` });
  const [reader, sql] = [as('reader'), as('sql')];
  const body = { description: 'One.', sql: 'SELECT 1 AS one' };
  await api.problem('/v1/reports/mine', 401, put(body));
  const refused = await api.problem('/v1/reports/mine', 403, put(body, reader));
  expect(refused.detail).toContain('"sql"');
  expect((await api.ask('/v1/reports/mine', put(body, sql))).status).toBe(201);
  expect(await api.json('/v1/reports/mine', { headers: reader })).toMatchObject({ rows: [[1]] });
  expect(await api.json('/v1/reports', { headers: reader })).toHaveProperty('items');
  await api.problem('/v1/reports/mine', 403, { method: 'DELETE', headers: reader });
  expect((await api.ask('/v1/reports/mine', { method: 'DELETE', headers: sql })).status).toBe(204);
});
