/** The beginning of a query whose rows never end. */
export const COUNT = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)';
const NAME = 'n'.repeat(400_000);
const list = (length: number, of: (n: number) => string, by = ', ') => Array.from({ length }, (_, n) => of(n)).join(by);

/** Queries that would run forever or use up all memory. Which limit ends a query may vary. */
export const BOMBS: readonly [name: string, sql: string][] = [
  ['an infinite recursive CTE', `${COUNT} SELECT count(*) FROM c`],
  [
    'an endless recursive CTE that keeps all rows that it has seen',
    'WITH RECURSIVE c (n) AS (SELECT 1 UNION SELECT n + 1 FROM c) SELECT max(n) FROM c',
  ],
  [
    'an endless recursive CTE whose rows grow',
    "WITH RECURSIVE c (t) AS (SELECT 'x' UNION ALL SELECT t || t FROM c) SELECT max(length(t)) FROM c",
  ],
  [
    'an endless recursive CTE within another',
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
    'a window that is computed again for each row',
    'SELECT max(count) FROM (SELECT count(*) FILTER (WHERE id % 2) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS count FROM invocations)',
  ],
  ['a median of everything', `${COUNT} SELECT median(n) FROM c`],
  ['a pattern of LIKE that backtracks', `SELECT printf('%.*c', 40000, 'a') LIKE '${'%a'.repeat(2000)}%b'`],
  ['a pattern of GLOB that backtracks', `SELECT printf('%.*c', 40000, 'a') GLOB '${'*a'.repeat(2000)}*b'`],
  [
    'JSON nested a thousand deep, a thousand times',
    `${COUNT} SELECT count(*) FROM c, json_tree(printf('%.*c', 999, '[') || printf('%.*c', 999, ']'))`,
  ],
  [
    'json_tree of a large array',
    `SELECT count(*) FROM json_tree('[' || printf('%.*c', 50000000, '0') || ']'), json_each('[1,2,3]')`,
  ],
  [
    'json_each of arrays that the query makes',
    "SELECT count(*) FROM json_each(json_array(1,2,3)) a, json_tree(a.value || '[]'), json_each('[' || printf('%.*c', 9000000, '1') || ']')",
  ],
  [
    'a search for everything',
    `SELECT count(*) FROM outputs_fts a, outputs_fts b, invocations c WHERE a.outputs_fts MATCH 'a* OR e* OR i*'`,
  ],
  ['a search by a very long expression', `SELECT * FROM outputs_fts('${list(20_000, (n) => `a${n}*`, ' OR ')}')`],
  ['geopoly with a million corners', `${COUNT} SELECT sum(geopoly_area(geopoly_regular(0, 0, 1, 1000))) FROM c`],
  ['the pages of the file, endlessly', `${COUNT} SELECT count(*) FROM c, dbstat`],
  ['deep expressions', `SELECT ${'('.repeat(900)}1${')'.repeat(900)}`],
  ['deeper expressions than SQLite takes', `SELECT ${'('.repeat(100_000)}1${')'.repeat(100_000)}`],
  ['a long sum', `SELECT ${list(200_000, () => '1', '+')}`],
  ['a very long chain of NOT', `SELECT ${'NOT '.repeat(200_000)}1`],
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
    'a very long name in many columns',
    `WITH a AS (SELECT 1 AS "${NAME}"), b AS (SELECT * FROM a, a b, a c, a d, a e, a f) SELECT * FROM b, b c, b d, b e`,
  ],
  [
    'a very long name in a very long plan',
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
