import { describe, expect, it } from 'vitest';
import { containment } from './expect-contained.ts';
import { hostileServer } from './hostile-server.ts';

const server = hostileServer();
const { contain, askInTime, expectTimes } = containment(server);

/** What an answer may have by default, and what is around its rows. */
const MOST_ANSWER_BYTES = 16 * 1024 * 1024 + 100_000;
const TIMEOUT_MS = 250;
const COUNT = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)';
const NAME = 'n'.repeat(400_000);
const list = (length: number, of: (n: number) => string, by = ', ') => Array.from({ length }, (_, n) => of(n)).join(by);

// What it ends with depends on which of its limits it meets first.
const BOMBS: readonly [name: string, sql: string][] = [
  ['an infinite recursive CTE', `${COUNT} SELECT count(*) FROM c`],
  [
    'one that keeps what it has seen',
    'WITH RECURSIVE c (n) AS (SELECT 1 UNION SELECT n + 1 FROM c) SELECT max(n) FROM c',
  ],
  [
    'one whose rows grow',
    "WITH RECURSIVE c (t) AS (SELECT 'x' UNION ALL SELECT t || t FROM c) SELECT max(length(t)) FROM c",
  ],
  [
    'one within another',
    `${COUNT} SELECT (WITH RECURSIVE d (m) AS (SELECT n UNION ALL SELECT m + 1 FROM d) SELECT max(m) FROM d) FROM c`,
  ],
  ['a cross join', 'SELECT count(*) FROM invocations a, invocations b, invocations c'],
  ['a join of 64 tables', `SELECT count(*) FROM ${list(64, (n) => `invocations i${n}`)}`],
  [
    'a join without an index',
    "SELECT count(*) FROM invocations a JOIN invocations b ON a.comment LIKE '%' || b.comment || '%'",
  ],
  ['zeroblob(1e9)', 'SELECT zeroblob(1e9)'],
  ['many zeroblobs', `SELECT ${list(60, () => 'hex(zeroblob(90000000))')}`],
  ["printf('%.*c', 1e9, 'x')", "SELECT printf('%.*c', 1e9, 'x')"],
  ["printf('%1000000000d')", "SELECT length(printf('%999999999d', 1) || printf('%999999999d', 2))"],
  ['randomblob in hex', 'SELECT hex(randomblob(400000000))'],
  ['quote of a blob', 'SELECT length(quote(zeroblob(400000000)))'],
  ['a group_concat bomb', `${COUNT} SELECT length(group_concat(hex(zeroblob(100000)))) FROM c`],
  ['a json_group_array bomb', `${COUNT} SELECT length(json_group_array(printf('%.*c', 10000, 'x'))) FROM c`],
  ['a string_agg that is sorted', `${COUNT} SELECT string_agg(n, ',' ORDER BY random()) FROM c`],
  [
    'replace() that multiplies',
    "WITH a AS (SELECT printf('%.*c', 20000, 'x') AS t) SELECT length(replace(t, 'x', t)) FROM a",
  ],
  ['a sort of gigabytes', `${COUNT} SELECT n, hex(randomblob(1000)) AS t FROM c ORDER BY t`],
  ['DISTINCT over gigabytes', `${COUNT} SELECT count(DISTINCT hex(randomblob(1000))) FROM c`],
  [
    'a temporary index of gigabytes',
    `${COUNT}, d AS MATERIALIZED (SELECT n, randomblob(1000) AS t FROM c) SELECT count(*) FROM d a JOIN d b USING (n)`,
  ],
  [
    'a window over an endless frame',
    `${COUNT} SELECT group_concat(n) OVER (ORDER BY n ROWS BETWEEN 1000000 PRECEDING AND 1000000 FOLLOWING) FROM c`,
  ],
  [
    'a window over each row anew',
    'SELECT max(count) FROM (SELECT count(*) FILTER (WHERE id % 2) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS count FROM invocations)',
  ],
  ['a median of everything', `${COUNT} SELECT median(n) FROM c`],
  ['a pattern that goes back and forth', `SELECT printf('%.*c', 40000, 'a') LIKE '${'%a'.repeat(2000)}%b'`],
  ['GLOB likewise', `SELECT printf('%.*c', 40000, 'a') GLOB '${'*a'.repeat(2000)}*b'`],
  [
    'JSON nested a thousand deep, a thousand times',
    `${COUNT} SELECT count(*) FROM c, json_tree(printf('%.*c', 999, '[') || printf('%.*c', 999, ']'))`,
  ],
  [
    'json_tree of a large array',
    `SELECT count(*) FROM json_tree('[' || printf('%.*c', 50000000, '0') || ']'), json_each('[1,2,3]')`,
  ],
  [
    'json_each of what it makes itself',
    "SELECT count(*) FROM json_each(json_array(1,2,3)) a, json_tree(a.value || '[]'), json_each('[' || printf('%.*c', 9000000, '1') || ']')",
  ],
  [
    'a search for everything',
    `SELECT count(*) FROM outputs_fts a, outputs_fts b, invocations c WHERE a.outputs_fts MATCH 'a* OR e* OR i*'`,
  ],
  ['a search by an expression without end', `SELECT * FROM outputs_fts('${list(20_000, (n) => `a${n}*`, ' OR ')}')`],
  ['geopoly with a million corners', `${COUNT} SELECT sum(geopoly_area(geopoly_regular(0, 0, 1, 1000))) FROM c`],
  ['the pages of the file, endlessly', `${COUNT} SELECT count(*) FROM c, dbstat`],
  ['deep expressions', `SELECT ${'('.repeat(900)}1${')'.repeat(900)}`],
  ['deeper ones than SQLite takes', `SELECT ${'('.repeat(100_000)}1${')'.repeat(100_000)}`],
  ['a long sum', `SELECT ${list(200_000, () => '1', '+')}`],
  ['NOT without end', `SELECT ${'NOT '.repeat(200_000)}1`],
  ['CASE within CASE', `SELECT ${'CASE WHEN 1 THEN '.repeat(300)}1${' END'.repeat(300)}`],
  [
    'views within views',
    `WITH a0 AS (SELECT 1 AS x)${list(30, (n) => `, a${n + 1} AS (SELECT l.x FROM a${n} l, a${n} r)`, '')} SELECT * FROM a30`,
  ],
  [
    'a compound of 500 selects, joined',
    `SELECT count(*) FROM (${list(500, (n) => `SELECT ${n}`, ' UNION ')}) a, (${list(500, (n) => `SELECT ${n}`, ' UNION ')}) b, invocations`,
  ],
  ['two thousand columns, endlessly', `${COUNT} SELECT ${list(1999, () => 'n')} FROM c`],
  [
    'a name in a thousand columns',
    `WITH a AS (SELECT 1 AS "${NAME}"), b AS (SELECT * FROM a, a b, a c, a d, a e, a f) SELECT * FROM b, b c, b d, b e`,
  ],
  [
    'a name in a plan without end',
    `WITH a AS (SELECT id FROM invocations AS "${NAME}" LIMIT -1 OFFSET 1) SELECT 1 FROM ${list(60, (n) => `a a${n}`)}`,
  ],
  ['a message of eighty megabytes', "SELECT json_extract('{}', printf('%.*c', 80000000, 'x'))"],
  ['a message of colons', `SELECT "${':'.repeat(400_000)} x"`],
  ['EXPLAIN of a bomb', `EXPLAIN ${COUNT} SELECT count(*) FROM c, ${list(60, (n) => `invocations i${n}`)}`],
  ['EXPLAIN QUERY PLAN of a bomb', `EXPLAIN QUERY PLAN ${COUNT} SELECT ${list(100, () => '(SELECT count(*) FROM c)')}`],
  ['an integer overflow', `${COUNT} SELECT sum(9223372036854775807) FROM c`],
  ['strftime with many years', `${COUNT} SELECT max(strftime('%Y', '2026-01-01', '+' || n || ' days')) FROM c`],
  [
    'the rtree of a made-up node',
    `SELECT rtreenode(5, randomblob(100000)), rtreedepth(randomblob(100)), rtreecheck('invocations')`,
  ],
  ['FTS3’s functions without FTS3', "SELECT snippet('a'), offsets(x'00'), matchinfo('a'), optimize(1)"],
];

const TEXTS: readonly [name: string, sql: string][] = [
  ['ATTACH of a second database', "ATTACH 'auth.db' AS other"],
  ['ATTACH of a device', "ATTACH '/dev/zero' AS other"],
  ['ATTACH under EXPLAIN', "EXPLAIN ATTACH 'file:/etc/passwd?mode=ro' AS other"],
  ['VACUUM INTO', "VACUUM INTO '/tmp/copy.db'"],
  ['writable_schema', 'PRAGMA writable_schema = ON'],
  ['journal_mode', 'PRAGMA journal_mode = DELETE'],
  ['journal_mode under EXPLAIN', 'EXPLAIN PRAGMA journal_mode = DELETE'],
  ['temp_store_directory', "PRAGMA temp_store_directory = '/tmp'"],
  ['load_extension', "SELECT load_extension('/lib/x86_64-linux-gnu/libm.so.6')"],
  ['readfile', "SELECT readfile('/etc/passwd')"],
  ['INSERT … RETURNING', 'INSERT INTO leases SELECT * FROM leases RETURNING *'],
  ['WITH … DELETE … RETURNING', 'WITH a AS (SELECT 1) DELETE FROM invocations RETURNING id'],
  ['a command of the search index', "INSERT INTO outputs_fts (outputs_fts) VALUES ('delete-all') RETURNING 1"],
  ['two statements', 'SELECT 1; DELETE FROM invocations'],
  ['a second statement behind a comment', 'SELECT 1 -- \n; DELETE FROM invocations'],
  ['a statement behind NUL', '\0; DELETE FROM invocations'],
  ['a nested comment', '/* /* */ DELETE FROM invocations */ SELECT 1'],
  ['a look-alike', 'ſELECT 1'],
  ['pragma_database_list, which has the path', 'SELECT * FROM "main".[pragma_database_list]'],
  ['pragma_journal_mode', "SELECT * FROM pragma_journal_mode('delete')"],
  ['a tokenizer by its address', "SELECT fts3_tokenizer('simple', :address) FROM fts3tokenize"],
  ['the schema written to', "UPDATE sqlite_master SET sql = '' RETURNING 1"],
];

describe('costs only itself:', () => {
  it.each(BOMBS)('%s', async (_, sql) => {
    const { status, body } = await contain(() => askInTime('a', { sql, timeoutMs: TIMEOUT_MS }));
    expect([200, 400, 422, 504]).toContain(status);
    expect(body.length).toBeLessThan(MOST_ANSWER_BYTES);
    expect(body).not.toContain(server.archive);
  });

  it.each(TEXTS)('%s, which is refused', async (_, sql) => {
    const params = sql.includes(':address') ? { address: 'AAAAAAAA' } : undefined;
    const { status, body } = await contain(() => server.ask('a', { sql, params }));
    expect([status, body]).toEqual([400, expect.stringContaining('"field":"sql"')]);
    expect(body).not.toContain(server.archive);
  });

  it('reads of sqlite_master, which are answered', async () => {
    const { status, body } = await contain(() => server.ask('a', { sql: 'SELECT sql FROM sqlite_master' }));
    expect([status, body]).toEqual([200, expect.stringContaining('CREATE TABLE `coverage`')]);
  });

  it.each(['csv', 'ndjson'])('an endless answer in %s', async (format) => {
    const sql = `${COUNT} SELECT n, printf('%.*c', 1000, 'x') FROM c`;
    const { status, isWhole } = await contain(() =>
      askInTime('a', { sql, timeoutMs: TIMEOUT_MS }, `?format=${format}`),
    );
    // It has begun with 200, and can only break off; where nothing went out in time, it is told so.
    expect([status, isWhole]).toEqual(status === 504 ? [504, true] : [200, false]);
  });

  it('four that take all memory, at once, and are told so', async () => {
    const sql = 'SELECT hex(zeroblob(200000000)), hex(zeroblob(200000000))';
    const ask = (caller: string) => server.ask(caller, { sql: `${sql} -- ${caller}`, timeoutMs: 20_000 });
    const answers = await contain(() => Promise.all(['a', 'b', 'c1', 'c2'].map(ask)));
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    expect(answers[0]?.body).toContain('memory');
  });
});

describe('in the end', expectTimes);
