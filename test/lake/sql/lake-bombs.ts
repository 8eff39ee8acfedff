/** The beginning of a query whose rows never end. */
export const LAKE_COUNT = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)';
const list = (length: number, of: (n: number) => string, by = ', ') => Array.from({ length }, (_, n) => of(n)).join(by);

/** Queries over the lake that would run forever or use up all memory. Which limit ends a query may vary. */
export const LAKE_BOMBS: readonly [name: string, sql: string][] = [
  ['an endless recursive CTE', `${LAKE_COUNT} SELECT count(*) FROM c`],
  [
    'an endless recursive CTE whose rows grow',
    "WITH RECURSIVE c (t) AS (SELECT 'x' UNION ALL SELECT t || t FROM c) SELECT max(length(t)) FROM c",
  ],
  ['repeat', "SELECT length(repeat('x', 3000000000))"],
  ['repeat as rows', "SELECT count(*) FROM repeat('x', 9000000000000), repeat('y', 9000000000000)"],
  ['a cross join', 'SELECT count(*) FROM invocations a, invocations b, invocations c, invocations d'],
  ['a join without a key', 'SELECT count(*) FROM plugins a JOIN plugins b ON contains(a.output, b.output)'],
  [
    'generate_series',
    'SELECT sum(a * b) FROM generate_series(1, 9000000000000) s (a), generate_series(1, 1000000) t (b)',
  ],
  ['a huge list', 'SELECT list(i) FROM range(9000000000) t (i)'],
  ['a list of lists', 'SELECT len(flatten([range(100000000), range(100000000), range(100000000)]))'],
  ['a huge string_agg', "SELECT length(string_agg(repeat('x', 1000), ',')) FROM range(900000000)"],
  ['a sort of gigabytes', "SELECT i, repeat('x', 1000) || i AS t FROM range(900000000) t (i) ORDER BY t"],
  ['DISTINCT over gigabytes', 'SELECT count(DISTINCT hash(i)) FROM range(90000000000) t (i)'],
  [
    'a window over everything',
    'SELECT max(s) FROM (SELECT sum(i) OVER (ORDER BY i ROWS BETWEEN 1000000 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS s FROM range(900000000) t (i))',
  ],
  [
    'a regular expression with huge repeats',
    "SELECT count(*) FROM range(100000000) t (i) WHERE regexp_matches(repeat('a', 1000), '(a{0,100}){0,100}b')",
  ],
  ['levenshtein of long texts', "SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))"],
  ['printf of a huge width', "SELECT length(printf('%999999999d', 1) || printf('%999999999d', 2))"],
  ['lpad', "SELECT length(lpad('x', 2000000000, 'y'))"],
  ['replace that multiplies', "SELECT length(replace(repeat('x', 200000), 'x', repeat('y', 200000)))"],
  ['JSON nested deep', "SELECT json_valid(repeat('[', 100000000))"],
  ['json_tree of a large array', "SELECT count(*) FROM json_tree('[' || repeat('0,', 50000000) || '0]')"],
  ['local_time of endless rows', "SELECT count(local_time(i, 'Europe/Berlin')) FROM range(9000000000) t (i)"],
  [
    'contains_text of endless rows',
    "SELECT count(*) FROM range(9000000000) t (i) WHERE contains_text(chr(0) || i, 'x')",
  ],
  ['sleep', 'SELECT sleep_ms(10000000)'],
  ['deep expressions', `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
  ['a long sum', `SELECT ${list(100_000, () => '1', '+')}`],
  ['a very long chain of NOT', `SELECT ${'NOT '.repeat(100_000)}true`],
  [
    'views within views',
    `WITH a0 AS (SELECT 1 AS x)${list(25, (n) => `, a${n + 1} AS (SELECT l.x FROM a${n} l, a${n} r)`, '')} SELECT count(*) FROM a25`,
  ],
  ['a join of sixty tables', `SELECT count(*) FROM ${list(60, (n) => `invocations i${n}`)}`],
  ['very many columns', `SELECT ${list(100_000, (n) => `${n}`)}`],
  ['an answer of gigabytes', "SELECT repeat('x', 1000000) FROM range(1000000)"],
  ['a factorial', 'SELECT sum(factorial(33)) FROM range(9000000000)'],
  ['an endless answer of lists', 'SELECT range(1000) FROM range(9000000000)'],
];
