import { describe, expect, it } from 'vitest';
import { apiTrial, faultsOf } from '../api-trial.ts';

const api = apiTrial();
await api.record([
  { InstanceId: 'i-1', Comment: '=1+1' },
  { InstanceId: 'i-2', Comment: '' },
]);

const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const link = (parameters: Record<string, string>) => `/v1/sql?${new URLSearchParams(parameters)}`;
const ENDLESS = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';

describe('a query', () => {
  it('returns columns, their types, and rows, by POST and by GET', async () => {
    const sql =
      "SELECT instance_id, id, count(*) OVER () AS n, NULL AS none, x'00FF' AS bytes FROM invocations ORDER BY 1";
    const { elapsedMs, ...answer } = await api.json('/v1/sql', post({ sql }));
    expect(answer).toEqual({
      columns: [
        { name: 'instance_id', type: 'TEXT' },
        { name: 'id', type: 'INTEGER' },
        { name: 'n', type: 'INTEGER' },
        { name: 'none', type: null },
        { name: 'bytes', type: 'BLOB' },
      ],
      rows: [
        ['i-1', 1, 2, null, '00ff'],
        ['i-2', 2, 2, null, '00ff'],
      ],
      ...{ engine: 'archive', rowCount: 2, truncated: false },
    });
    expect(elapsedMs).toBeGreaterThan(0);
    expect(await api.json(link({ sql }))).toMatchObject(answer);
  });

  it('returns exact integers beyond 2^53, and REAL values that cannot be mistaken for integers', async () => {
    const reply = await api.ask(link({ sql: 'SELECT 9007199254740993, -9223372036854775808, 2.0, 1e300, 9e999' }));
    expect(await reply.text()).toContain('[[9007199254740993,-9223372036854775808,2.0,1e+300,9e999]]');
  });

  it('takes parameters by name and by position, and binds whole numbers as INTEGER', async () => {
    const named = { sql: 'SELECT :a, typeof(:n), :none, @yes', params: { a: 'x', n: 5, none: null, yes: true } };
    expect((await api.json('/v1/sql', post(named))).rows).toEqual([['x', 'integer', null, 1]]);
    const placed = { sql: 'SELECT ?, ?2, ?1, typeof(?)', params: ['a', 1.5, 3] };
    expect((await api.json('/v1/sql', post(placed))).rows).toEqual([['a', 1.5, 'a', 'integer']]);
    const linked = link({ sql: 'SELECT :a', params: '{"a":"é🎉"}' });
    expect((await api.json(linked)).rows).toEqual([['é🎉']]);
  });

  it('says whether rows were left out, because of the limit or because of their size', async () => {
    const sql = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c';
    expect(await api.json('/v1/sql', post({ sql, limit: 3 }))).toMatchObject({
      ...{ rows: [[1], [2], [3]], rowCount: 3, truncated: true },
    });
    expect(await api.json('/v1/sql', post({ sql: `${sql} LIMIT 3`, limit: 3 }))).toMatchObject({ truncated: false });
    const wide = await api.json('/v1/sql', post({ sql: `SELECT printf('%.*c', 100000, 'x') FROM (${sql} LIMIT 100)` }));
    expect(wide).toMatchObject({ rowCount: 10, truncated: true });
    expect(Object.keys(faultsOf(await api.problem('/v1/sql', 400, post({ sql, limit: 10_001 }))))).toEqual(['limit']);
  });

  it('can be downloaded as CSV and NDJSON, with all rows', async () => {
    const sql = 'SELECT instance_id, comment, comment, 1.0 FROM invocations ORDER BY 1';
    const csv = await api.ask('/v1/sql?format=csv', post({ sql }));
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="sql-20260331T120000Z.csv"');
    expect(await csv.text()).toBe('instance_id,comment,comment,1.0\r\ni-1,"\'=1+1","\'=1+1",1.0\r\ni-2,"","",1.0\r\n');
    expect(await (await api.ask(link({ sql, format: 'csv', csv: 'raw' }))).text()).toContain('i-1,=1+1,=1+1,1.0');
    const ndjson = await api.ask('/v1/sql', post({ sql }, { accept: 'application/x-ndjson' }));
    expect((await ndjson.text()).split('\n')[1]).toBe('{"instance_id":"i-2","comment":"","comment_2":"","1.0":1.0}');
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/sql', rows: 2, sql });
  });

  it('is in the access log with its text, its parameters and its number of rows, even if it failed', async () => {
    const sql = 'SELECT :a FROM invocations';
    await api.json('/v1/sql', post({ sql, params: { a: 1 } }));
    expect(api.accessRows()[0]).toMatchObject({ method: 'POST', status: 200, rows: 2, sql, params: '{"a":1}' });
    await api.problem('/v1/sql', 400, post({ sql: 'SELECT no_such' }));
    expect(api.accessRows()[0]).toMatchObject({ status: 400, rows: null, sql: 'SELECT no_such', params: null });
  });
});

describe('a query that cannot be answered', () => {
  it.each([
    ['SELECT *\nFROM nowhere', 'no such table: nowhere', { offset: 15, line: 2, column: 6 }],
    ['SELECT a, from x', 'near "from": syntax error', { offset: 11, line: 1, column: 11 }],
    ["SELECT 'abc", 'unrecognized token: "\'abc"', { offset: 8, line: 1, column: 8 }],
    ['SELECT (1', 'incomplete input', { offset: 10, line: 1, column: 10 }],
    ['SELECT foo(1)', 'no such function: foo', { offset: 8, line: 1, column: 8 }],
  ])('gets the error message of SQLite, with the position: %s', async (sql, message, position) => {
    const { errors } = await api.problem('/v1/sql', 400, post({ sql }));
    expect(errors).toEqual([{ field: 'sql', message, position }]);
  });

  it('gets an error that names each wrong parameter and member', async () => {
    const fault = async (body: unknown) => faultsOf(await api.problem('/v1/sql', 400, post(body)));
    expect(await fault({ sql: 'SELECT :a', params: {} })).toEqual({ params: 'The parameter :a has no value.' });
    expect(await fault({ sql: 'SELECT ?', params: [] })).toEqual({
      params: 'The SQL has 1 parameter, and params 0 values.',
    });
    expect(await fault({ sql: 'SELECT 1', params: { a: 1 } })).toHaveProperty('params');
    expect(await fault({})).toHaveProperty('sql');
    expect(await fault({ sql: ' ', rows: 1, timeoutMs: 0 })).toMatchObject({
      ...{ sql: 'is needed: it is the query to run', rows: expect.any(String), timeoutMs: expect.any(String) },
    });

    expect(await fault([])).toEqual({ query: 'must be a mapping of names to values, not a list' });
    expect(faultsOf(await api.problem('/v1/sql', 400, { ...post({}), body: '{' }))).toEqual({ body: 'must be JSON' });
    const untyped = { method: 'POST', body: '{"sql":"SELECT 1"}' };
    expect(faultsOf(await api.problem('/v1/sql', 400, untyped)).body).toContain('application/json');
    expect(faultsOf(await api.problem(link({ sql: 'SELECT 1', params: '{' }), 400))).toHaveProperty('params');
    expect(faultsOf(await api.problem('/v1/sql', 400))).toHaveProperty('sql');
    await api.problem('/v1/sql', 413, post({ sql: `SELECT '${'x'.repeat(1_100_000)}'` }));
  });

  it('is stopped at its deadline, and the answer has the query’s plan', async () => {
    const startedAt = performance.now();
    const { detail, plan } = await api.problem('/v1/sql', 504, post({ sql: ENDLESS, timeoutMs: 300 }));
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(detail).toContain('0.3 seconds');
    expect(plan).toContain('  RECURSIVE STEP');
    expect(await api.problem('/v1/sql', 400, post({ sql: ENDLESS, timeoutMs: 10_001 }))).toHaveProperty('errors');
  });

  it('gets an error that says so if it takes too much memory', async () => {
    const { detail } = await api.problem('/v1/sql', 422, post({ sql: 'SELECT length(hex(randomblob(260000000)))' }));
    expect(detail).toContain('memory');
  });
});
