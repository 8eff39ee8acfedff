import { describe, expect, it } from 'vitest';
import { containment } from './expect-contained.ts';
import { hostileServer } from './hostile-server.ts';
import { BOMBS, COUNT } from './sql-bombs.ts';

const server = hostileServer();
const { contain, askInTime, expectTimes } = containment(server);

/** How many bytes an answer may have by default, plus the bytes around its rows. */
const MOST_ANSWER_BYTES = 16 * 1024 * 1024 + 100_000;
const TIMEOUT_MS = 250;
const TEXTS: readonly [name: string, sql: string][] = [
  ['ATTACH of a second database', "ATTACH 'archive-auth.db' AS other"],
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
  ['a second statement after a comment', 'SELECT 1 -- \n; DELETE FROM invocations'],
  ['a statement after a NUL', '\0; DELETE FROM invocations'],
  ['a nested comment', '/* /* */ DELETE FROM invocations */ SELECT 1'],
  ['a keyword with a letter that only looks like S', 'ſELECT 1'],
  ['pragma_database_list, which has the path', 'SELECT * FROM "main".[pragma_database_list]'],
  ['pragma_journal_mode', "SELECT * FROM pragma_journal_mode('delete')"],
  ['setting a tokenizer by its address', "SELECT fts3_tokenizer('simple', :address) FROM fts3tokenize"],
  ['an update of the schema', "UPDATE sqlite_master SET sql = '' RETURNING 1"],
];

describe('a hostile query harms no other caller:', () => {
  it.each(BOMBS)('%s', async (_, sql) => {
    const { status, body } = await contain(() => askInTime('a', { sql, timeoutMs: TIMEOUT_MS }));
    expect([200, 400, 422, 504]).toContain(status);
    expect(body.length).toBeLessThan(MOST_ANSWER_BYTES);
    expect(body).not.toContain(server.archive);
  });

  it.each(TEXTS)('%s is refused', async (_, sql) => {
    const params = sql.includes(':address') ? { address: 'AAAAAAAA' } : undefined;
    const { status, body } = await contain(() => server.ask('a', { sql, params }));
    expect([status, body]).toEqual([400, expect.stringContaining('"field":"sql"')]);
    expect(body).not.toContain(server.archive);
  });

  it('reads of sqlite_master are answered', async () => {
    const { status, body } = await contain(() => server.ask('a', { sql: 'SELECT sql FROM sqlite_master' }));
    expect([status, body]).toEqual([200, expect.stringContaining('CREATE TABLE `coverage`')]);
  });

  it.each(['csv', 'ndjson', 'parquet', 'arrow'])('an endless answer in %s breaks off or fails', async (format) => {
    const sql = `${COUNT} SELECT n, printf('%.*c', 1000, 'x') FROM c`;
    const { status, isWhole } = await contain(() =>
      askInTime('a', { sql, timeoutMs: TIMEOUT_MS }, `?format=${format}`),
    );
    // An answer that has begun with 200 can only break off. If nothing was sent in time, the client gets an error.
    if (status === 504) expect(isWhole).toBe(true);
    else
      expect([
        [200, false],
        [0, false],
      ]).toContainEqual([status, isWhole]);
  });

  it('four queries that take all memory at once fail, and their callers get the reason', async () => {
    const sql = 'SELECT hex(zeroblob(200000000)), hex(zeroblob(200000000))';
    const ask = (caller: string) => server.ask(caller, { sql: `${sql} -- ${caller}`, timeoutMs: 20_000 });
    const answers = await contain(() => Promise.all(['a', 'b', 'c1', 'c2'].map(ask)));
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    expect(answers[0]?.body).toContain('memory');
  });
});

describe('after all attacks', expectTimes);
