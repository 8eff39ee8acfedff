import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sqlTrial } from './sql-trial.ts';

const { sqlite, rows, fault } = sqlTrial();
const names = z.array(z.object({ name: z.string() })).transform((rows) => rows.map(({ name }) => name));

describe('a query that only reads is allowed', () => {
  it.each([
    'SELECT 1',
    'select 1',
    'VALUES (1)',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    'WITH a(n) AS (VALUES (1)) SELECT n FROM a',
    'SELECT 1;',
    'SELECT 1 ;; ; -- the end',
    '  \t\r\n\f SELECT 1',
    '-- a comment\nSELECT 1',
    '/* a comment */ /* and\nanother */ SELECT 1',
    '/*!50000 DELETE FROM leases */ SELECT 1',
    '-- DELETE FROM leases;\r\nSELECT 1',
    '/**/SELECT/**/1/* not closed',
    '\uFEFFSELECT 1',
    'SELECT 1\0; DELETE FROM leases',
    "SELECT 1 WHERE ';DELETE FROM leases' <> ''",
  ])('%j', (sql) => {
    expect(rows(sql)).toEqual([[1n]]);
  });

  it('even if it asks for its plan or its program by EXPLAIN', () => {
    expect(rows('EXPLAIN QUERY PLAN SELECT * FROM leases')[0]?.at(-1)).toBe('SCAN leases');
    expect(rows('explain /**/ query -- \n plan WITH a AS (SELECT 1) SELECT * FROM a')).toHaveLength(3);
    expect(rows('EXPLAIN VALUES (1)').length).toBeGreaterThan(2);
  });

  it('even if it reads the schema or a description of the schema', () => {
    expect(rows("SELECT count(*) > 0 FROM sqlite_master WHERE name = 'invocations'")).toEqual([[1n]]);
    expect(rows('SELECT count(*) > 0 FROM "sqlite_schema"')).toEqual([[1n]]);
    expect(rows("SELECT name FROM pragma_table_info('invocations') LIMIT 1")).toEqual([['id']]);
    expect(rows("SELECT name FROM [PRAGMA_index_LIST]('plugins') LIMIT 1")).toHaveLength(1);
    expect(rows('SELECT count(*) > 0 FROM pragma_compile_options')).toEqual([[1n]]);
  });
});

const ONLY = 'Only a query is answered here';

describe('any statement that is not a query is refused', () => {
  it.each([
    'PRAGMA journal_mode = DELETE',
    'PRAGMA writable_schema = ON',
    'EXPLAIN PRAGMA journal_mode = DELETE',
    'EXPLAIN QUERY PLAN PRAGMA journal_mode = DELETE',
    'EXPLAIN/**/PRAGMA locking_mode = EXCLUSIVE',
    'EXPLAIN EXPLAIN SELECT 1',
    'EXPLAIN QUERY SELECT 1',
    'EXPLAIN QUERY PLAN',
    'EXPLAIN',
    "ATTACH '/dev/zero' AS other",
    "EXPLAIN ATTACH 'other.db' AS other",
    "VACUUM INTO 'copy.db'",
    'VACUUM',
    'BEGIN IMMEDIATE',
    'SAVEPOINT a',
    'COMMIT',
    'REINDEX',
    'ANALYZE',
    'CREATE TEMP TABLE t (a)',
    'CREATE TABLE t AS SELECT 1',
    'DROP TABLE leases',
    'ALTER TABLE leases RENAME TO other',
    'DELETE FROM leases RETURNING 1',
    "INSERT INTO leases VALUES ('a', 'b', 'c') RETURNING *",
    "UPDATE leases SET holder = 'x' RETURNING 1",
    'REPLACE INTO leases SELECT * FROM leases RETURNING 1',
    'EXPLAIN DELETE FROM leases',
    'WITH a AS (SELECT 1) DELETE FROM leases',
    'WITH a AS (SELECT 1) DELETE FROM leases RETURNING 1',
    'WITH a AS (SELECT 1) INSERT INTO leases SELECT * FROM leases RETURNING 1',
    'WITH a AS (SELECT 1) UPDATE leases SET rowid = 1 RETURNING 1',
    'EXPLAIN WITH a AS (SELECT 1) DELETE FROM leases',
    'EXPLAIN QUERY PLAN WITH a AS (SELECT 1) DELETE FROM leases RETURNING 1',
    'SELECT 1; SELECT 2',
    'SELECT 1; DELETE FROM leases',
    'SELECT 1;/**/;PRAGMA journal_mode = DELETE',
    ';SELECT 1',
    '(SELECT 1)',
    '"SELECT" 1',
    '[SELECT] 1',
    "'SELECT' 1",
    '`EXPLAIN` SELECT 1',
    'ſELECT 1',
    'VALUEſ (1)',
    'ＳＥＬＥＣＴ 1',
    'SELECT\u00001',
    '\0SELECT 1',
    '\vSELECT 1',
    '\u00a0SELECT 1',
    '\u200bSELECT 1',
    '\u2028SELECT 1',
    '/* /* nested */ SELECT 1 */',
    '/* SELECT 1',
    '--\rDELETE FROM leases',
    '',
    ' ;',
    '-- nothing',
  ])('%j', (sql) => {
    const before = sqlite.pragma('journal_mode');
    expect(fault(sql).data.kind).toBe('sql');
    expect(sqlite.pragma('journal_mode')).toEqual(before);
    expect(sqlite.pragma('locking_mode')).toEqual([{ locking_mode: 'normal' }]);
    expect(sqlite.pragma('database_list')).toHaveLength(1);
  });

  it('with the position of the wrong word', () => {
    expect(fault('-- \n EXPLAIN\n PRAGMA a')).toMatchObject({
      message: expect.stringContaining(
        `${ONLY}: one statement that begins with SELECT, WITH, VALUES or EXPLAIN, not with "PRAGMA"`,
      ),
      data: { position: { offset: 15, line: 3, column: 2 } },
    });
  });
});

describe('a pragma table that changes something or reveals a path is refused', () => {
  it.each([
    'SELECT * FROM pragma_database_list',
    'SELECT * FROM "pragma_database_list"',
    'SELECT * FROM [pragma_database_list]',
    'SELECT * FROM `pragma_database_list`',
    "SELECT * FROM 'pragma_database_list'",
    'SELECT * FROM main.pragma_database_list',
    'SELECT * FROM "main"."pragma_database_list" AS innocent',
    'SELECT * FROM PRAGMA_Database_LIST()',
    "SELECT file FROM (SELECT * FROM pragma_database_list('main'))",
    'SELECT (SELECT file FROM pragma_database_list)',
    'WITH a AS (SELECT * FROM pragma_database_list) SELECT * FROM a',
    'EXPLAIN SELECT * FROM pragma_database_list',
    'SELECT 1 WHERE 1 IN pragma_cache_size',
    "SELECT * FROM pragma_journal_mode('delete')",
    'SELECT * FROM pragma_data_version',
    'SELECT * FROM pragma_integrity_check',
    "SELECT * FROM pragma_quick_check('invocations')",
    'SELECT * FROM leases, pragma_wal_checkpoint',
    'SELECT * FROM pragma_temp_store_directory',
  ])('%s', (sql) => {
    expect(fault(sql).message).toMatch(
      /pragma_\S+ may not be read here\. Only these pragma tables may: pragma_table_info/i,
    );
  });

  it('even if quotes are doubled in its name; a name that only looks like a pragma is a normal table name', () => {
    expect(fault('SELECT * FROM "pragma_""x"').message).toContain('may not be read here');
    expect(fault('SELECT * FROM pragma_foreign_\u212Aey_list').message).toContain('no such table');
    expect(rows("SELECT 'a pragma_database_list'")).toEqual([['a pragma_database_list']]);
  });
});

describe('features of SQLite other than tables are not available:', () => {
  it.each([
    "SELECT hex(fts3_tokenizer('simple'))",
    'SELECT hex("FTS3_Tokenizer"(?))',
    "SELECT [fts3_tokenizer]('simple', ?)",
    "SELECT * FROM fts3tokenize WHERE input = 'a'",
    "SELECT * FROM main.'fts3tokenize'",
    'SELECT * FROM fts4aux',
  ])('a tokenizer of FTS3, which is a memory address, can be neither read nor set: %s', (sql) => {
    expect(fault(sql, ['AAAAAAAA']).message).toContain('may not be used here');
  });

  it('no extension can be loaded', () => {
    expect(fault("SELECT load_extension('libm.so.6')").message).toBe('not authorized');
    expect(fault("SELECT load_extension('libm.so.6', 'init')").message).toBe('not authorized');
  });

  it.each([
    'readfile',
    'writefile',
    'edit',
    'fsdir',
    'regexp',
    'sqlite_dbpage',
    'sqlite_stmt',
    'bytecode',
    'zipfile',
    'sha3',
  ])('there is no %s', (name) => {
    expect(fault(`SELECT * FROM ${name}('a')`).message).toMatch(/^no such table/);
    expect(fault(`SELECT ${name}('a')`).message).toMatch(/^no such function/);
  });

  it('every module of the driver is known, because a new module might read other tables', () => {
    const modules = names.parse(sqlite.pragma('module_list'));
    const known = 'dbstat fts3 fts3tokenize fts4 fts4aux fts5 fts5vocab geopoly rtree rtree_i32';
    expect(
      modules
        .filter((name) => !/^(pragma_|json_)/i.test(name))
        .sort()
        .join(' '),
    ).toBe(known);
  });

  it('every function of the driver that may do more than compute with values is known', () => {
    const functions = new Set(names.parse(sqlite.pragma('function_list')));
    const suspicious = [...functions]
      .filter((name) => /sqlite|fts|rtree|load|file|token|debug|log|extension/.test(name))
      .sort();
    expect(suspicious.join(' ')).toBe(
      'fts3_tokenizer fts5 fts5_get_locale fts5_insttoken fts5_locale fts5_source_id geopoly_debug load_extension log log10 ' +
        'log2 rtreecheck rtreedepth rtreenode sqlite_compileoption_get sqlite_compileoption_used sqlite_log sqlite_source_id sqlite_version',
    );
  });
});
