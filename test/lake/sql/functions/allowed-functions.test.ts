import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSelect } from '../../../../src/lake/sql/check-select.ts';
import {
  ALLOWED_FUNCTIONS,
  ALLOWED_TABLE_FUNCTIONS,
  OWN_FUNCTIONS,
} from '../../../../src/lake/sql/functions/allowed-functions.ts';
import {
  REFUSED_BARE_NAMES,
  REFUSED_FUNCTIONS,
  REFUSED_TABLE_FUNCTIONS,
} from '../../../../src/lake/sql/functions/refused-functions.ts';
import { findRefused, whyNotCalled, whyNotRead } from '../../../../src/lake/sql/functions/why-refused.ts';

interface Found {
  name: string;
  type: string;
  schema: string;
  /** The SQL of a macro. */
  text: string;
}

let instance: DuckDBInstance;
let connection: DuckDBConnection;
let found: Found[];

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    'SELECT DISTINCT lower(function_name), function_type, schema_name, macro_definition FROM duckdb_functions()',
  );
  found = reader
    .getRows()
    .map(([name, type, schema, text]) => ({ name: `${name}`, type: `${type}`, schema: `${schema}`, text: `${text}` }));
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const CALLED = ['scalar', 'aggregate', 'macro', 'window'];
const READ = ['table', 'table_macro'];
/** What only a statement PRAGMA runs, and no query can name. */
const STATEMENTS = ['pragma'];
const namesOf = (types: readonly string[]) => [
  ...new Set(found.filter(({ type }) => types.includes(type)).map(({ name }) => name)),
];
const check = (sql: string) => checkSelect(connection, sql, { tables: new Set(['invocations']) });

describe('each function of the installed DuckDB', () => {
  it('is of a kind that is known, and is either allowed or refused with a reason', () => {
    expect(
      [...new Set(found.map(({ type }) => type))].filter((type) => ![...CALLED, ...READ, ...STATEMENTS].includes(type)),
    ).toEqual([]);
    const judged = (allowed: ReadonlySet<string>, rules: typeof REFUSED_FUNCTIONS, types: readonly string[]) =>
      namesOf(types).map((name) => [name, Number(allowed.has(name)) + Number(findRefused(rules, name) !== undefined)]);
    const called = judged(ALLOWED_FUNCTIONS, REFUSED_FUNCTIONS, CALLED);
    const read = judged(ALLOWED_TABLE_FUNCTIONS, REFUSED_TABLE_FUNCTIONS, READ);
    // "unnest" and the like may be called as well as read.
    expect(called.length).toBeGreaterThan(700);
    expect([...called, ...read].filter(([, times]) => times !== 1)).toEqual([]);
  });

  it('is there if it is allowed, and means the same in each of its schemas', () => {
    const has = (types: readonly string[]) => new Set(namesOf(types));
    const [called, read] = [has([...CALLED, ...READ]), has(READ)];
    expect([...ALLOWED_FUNCTIONS].filter((name) => !called.has(name))).toEqual([]);
    expect([...ALLOWED_TABLE_FUNCTIONS].filter((name) => !read.has(name))).toEqual([]);
    expect(found.filter(({ name, schema }) => ALLOWED_FUNCTIONS.has(name) && schema !== 'main')).toEqual([]);
    expect(OWN_FUNCTIONS.filter((name) => ALLOWED_FUNCTIONS.has(name) || called.has(name))).toEqual([]);
  });

  it('is no macro that reads what DuckDB tells of itself, if it is allowed', () => {
    const tells = /duckdb_|pragma_|pg_catalog|information_schema|current_setting|sqlite_|query\(|query_table/;
    expect(found.filter(({ name, text }) => ALLOWED_FUNCTIONS.has(name) && tells.test(text))).toEqual([]);
  });

  it('is refused without its brackets too, if DuckDB takes its bare name for a call', async () => {
    const bare: string[] = [];
    for (const name of namesOf(CALLED).filter((one) => /^\w+$/.test(one) && !ALLOWED_FUNCTIONS.has(one)))
      await connection.run(`SELECT ${name}`).then(
        () => bare.push(name),
        () => {},
      );
    expect(bare.sort()).toEqual([...REFUSED_BARE_NAMES].sort());
  });
});

describe('a function of a query over the lake', () => {
  it('is refused if this version does not know it, such as one that a later DuckDB has', async () => {
    await connection.run('CREATE MACRO of_tomorrow(x) AS x');
    await connection.run('CREATE MACRO rows_of_tomorrow(x) AS TABLE SELECT x');
    await connection.run('SELECT of_tomorrow(1) FROM rows_of_tomorrow(1)');
    await expect(check('SELECT of_tomorrow(1)')).rejects.toThrow(
      /^of_tomorrow is not among the functions that a query over the lake may use\./,
    );
    await expect(check('FROM rows_of_tomorrow(1)')).rejects.toThrow(/^rows_of_tomorrow is not among the functions/);
  });

  it.each([
    ['SELECT strftme(now())', 'Did you mean "strftime" or "strptime"?'],
    ['SELECT iif(true, 1, 2)', 'Write CASE WHEN … THEN … ELSE … END.'],
    ['SELECT list_aggregate([1], $1)', 'calls a function that is named by a text. Write list_sum(l)'],
    ["SELECT current_setting('x')", 'tells about the process and its settings'],
    ['SELECT current_user', 'command_senders says who sent a command'],
    ['SELECT sleep_ms(1)', 'only waits, and other queries wait for its process. Ask again later.'],
    ["FROM read_csv('x')", 'reads files or memory. The tables of docs/sql.md'],
    ["SELECT * FROM histogram('invocations', status)", 'SELECT histogram(x) FROM … is an aggregate.'],
  ])('is refused with what to write instead: %s', async (sql, instead) => {
    await expect(check(sql)).rejects.toThrow(instead);
  });

  it('is refused at its place, with a sentence of its own for each rule', async () => {
    await expect(check('SELECT 1,\n  version()')).rejects.toMatchObject({
      data: { position: { line: 2, column: 3 } },
    });
    for (const { names, why, instead } of [...REFUSED_FUNCTIONS, ...REFUSED_TABLE_FUNCTIONS]) {
      expect([names, `it ${why}. ${instead}`]).toEqual([
        names,
        expect.stringMatching(/^it [a-z][^.]+\. [A-Za-z].+\.$/),
      ]);
      expect(names).toMatch(/^[a-z_]+\*?( [a-z_]+\*?)*$/);
    }
    expect([whyNotCalled('UPPER'), whyNotRead('Range')]).toEqual([undefined, undefined]);
  });

  it.each([
    'SELECT upper(status), (status).lower(), status.lower(), "upper"(status), main.upper(status) FROM invocations',
    "SELECT x::VARCHAR, CAST(x AS INTEGER[]), TRY_CAST(x AS DECIMAL(5, 2)), x ->> '$.a', x[1], x[1:2] FROM (SELECT [1] AS x)",
    "SELECT a LIKE 'x' ESCAPE '!', a ILIKE 'x', a GLOB 'x', a SIMILAR TO 'x', a ~ 'x', a COLLATE de FROM (SELECT 'x' AS a)",
    "SELECT extract(year FROM now()), date_trunc('day', now()), now() AT TIME ZONE 'UTC', INTERVAL 3 DAY, current_date",
    "SELECT {'a': 1}.a, MAP {'a': 1}, [x + 1 FOR x IN [1, 2] IF x > 1], list_transform([1], lambda x: x + 1), (1, 2)",
    'SELECT count(*), count(DISTINCT status), median(id), string_agg(status, $1 ORDER BY id), sum(id) FILTER (id > 1) FROM invocations',
    'SELECT row_number() OVER w, lag(id) OVER w, sum(id) OVER (PARTITION BY lower(status)) FROM invocations WINDOW w AS (ORDER BY id)',
    'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id), mode() WITHIN GROUP (ORDER BY status) FROM invocations',
    "SELECT COLUMNS('i.*'), COLUMNS(lambda c: c LIKE 'i%') FROM invocations",
    "SELECT * FROM (SELECT 1 AS a, 2 AS b) UNPIVOT (x FOR y IN (a, b)), range(3), json_each('[1]'), unnest([1]), json_tree('{}')",
    "SELECT 'a' IN ['a'], 1 = ANY([1]), 5!, -1, ~1, 2 ** 3, 5 // 2, ifnull(1, 2), nullif(1, 2), try(1), 'a' || 'b', @(-1)",
    "SELECT contains_text('a', 'b'), decode_text('a'), local_time('2026-01-01', 'UTC'), position('a' IN 'b'), trim(' a')",
    'SELECT user FROM (SELECT principal_arn AS user FROM (SELECT 1 AS principal_arn))',
    'WITH a (user) AS (SELECT 1) SELECT user FROM a',
    'SELECT t.user FROM (SELECT 1) t (user)',
    'WITH a AS (SELECT 1 AS x), "B b" AS (FROM a) FROM "b B" JOIN a USING (x)',
    'WITH invocations AS (SELECT 1) FROM invocations',
  ])('is allowed in each way of writing that reports use: %s', async (sql) => {
    await expect(check(sql)).resolves.toBeUndefined();
  });
});
