import { is } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { describe, expect, it } from 'vitest';
import type { ArchiveDb } from '../../../src/db/open.ts';
import * as senders from '../../../src/db/schema/command-senders.ts';
import * as commandStates from '../../../src/db/schema/command-states.ts';
import * as commands from '../../../src/db/schema/commands.ts';
import * as fullOutputs from '../../../src/db/schema/full-outputs.ts';
import * as lake from '../../../src/db/schema/lake-tables.ts';
import * as looks from '../../../src/db/schema/late-looks.ts';
import * as ledger from '../../../src/db/schema/ledger-tables.ts';
import * as owed from '../../../src/db/schema/owed-tables.ts';
import * as passes from '../../../src/db/schema/pass-tables.ts';
import * as retention from '../../../src/db/schema/retention-tables.ts';
import * as schema from '../../../src/db/schema/schema.ts';
import * as sealed from '../../../src/db/schema/sealed-tables.ts';
import * as search from '../../../src/db/schema/search-tables.ts';
import { END_OUTCOMES, OUTCOMES } from '../../../src/model/coverage/outcomes.ts';
import { tempArchive } from '../temp-archive.ts';

interface Column {
  name: string;
  type: string;
  isNotNull: boolean;
}

const TABLES = [
  schema,
  commands,
  commandStates,
  senders,
  fullOutputs,
  ledger,
  owed,
  passes,
  retention,
  looks,
  search,
  sealed,
  lake,
]
  .flatMap((tables) => Object.values(tables))
  .filter((value) => is(value, SQLiteTable));
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

/** An INTEGER PRIMARY KEY is the rowid, which SQLite never lets be NULL, even if NOT NULL is not declared. */
function columnsInFile({ sqlite }: ArchiveDb, table: string): Column[] {
  return sqlite
    .prepare<[string], { name: string; type: string; notnull: number }>(
      'SELECT name, lower(type) AS type, "notnull" FROM pragma_table_info(?)',
    )
    .all(table)
    .map(({ name, type, notnull }) => ({ name, type, isNotNull: notnull === 1 }));
}

function namesInFile({ sqlite }: ArchiveDb, type: 'table' | 'view' | 'trigger' | 'index'): string[] {
  return sqlite
    .prepare<[string], string>(
      "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT LIKE 'outputs\\_fts%' ESCAPE '\\' ORDER BY name",
    )
    .pluck()
    .all(type);
}

describe('the schema in TypeScript and the migrated file', () => {
  it('have the same tables', () => {
    expect(namesInFile(tempArchive(), 'table')).toEqual(TABLES.map((table) => getTableConfig(table).name).sort());
  });

  it.each(TABLES.map((table) => [getTableConfig(table).name, getTableConfig(table)] as const))(
    'agree on every column of %s: name, type and not null',
    (name, { columns }) => {
      const declared = columns.map((column) => ({
        name: column.name,
        type: column.getSQLType().toLowerCase(),
        isNotNull: column.notNull || column.primary,
      }));
      const inFile = columnsInFile(tempArchive(), name);
      expect(inFile.length).toBeGreaterThan(0);
      expect(inFile).toEqual(declared);
    },
  );

  it.each(TABLES.map((table) => [getTableConfig(table).name, getTableConfig(table)] as const))(
    'agree on the keys of %s, primary and foreign',
    (name, config) => {
      const { sqlite } = tempArchive();
      const primary = sqlite
        .prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
        .pluck()
        .all(name);
      const composite = config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
      const single = config.columns.filter((column) => column.primary).map((column) => column.name);
      expect(primary).toEqual([...composite, ...single]);
      expect(primary.length).toBeGreaterThan(0);

      const foreign = sqlite
        .prepare<[string], { name: string; to: string }>(
          'SELECT "from" AS name, "table" || \'.\' || "to" AS "to" FROM pragma_foreign_key_list(?)',
        )
        .all(name);
      const declared = config.foreignKeys.map((key) => {
        const { columns, foreignTable, foreignColumns } = key.reference();
        return { name: columns[0]?.name ?? '', to: `${getTableConfig(foreignTable).name}.${foreignColumns[0]?.name}` };
      });
      expect(foreign.sort(byName)).toEqual(declared.sort(byName));
    },
  );

  it('have the same indexes, on the same columns', () => {
    const db = tempArchive();
    const declared = TABLES.flatMap((table) =>
      getTableConfig(table).indexes.map(({ config }) => ({
        name: config.name,
        columns: config.columns.map((column) => ('name' in column ? column.name : '(expression)')),
        isUnique: config.unique,
        isPartial: config.where !== undefined,
      })),
    ).sort(byName);
    const inFile = namesInFile(db, 'index').map((name) => {
      const sql = String(db.sqlite.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(name));
      const columns = db.sqlite
        .prepare<[string], string>('SELECT name FROM pragma_index_info(?) ORDER BY seqno')
        .pluck()
        .all(name);
      return { name, columns, isUnique: /^CREATE UNIQUE/.test(sql), isPartial: / WHERE /.test(sql) };
    });
    expect(inFile).toEqual(declared);
  });
});

describe('the migrated file', () => {
  it('has only STRICT tables', () => {
    const loose = tempArchive()
      .sqlite.prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'outputs\\_fts%' ESCAPE '\\'",
      )
      .pluck()
      .all();
    expect(loose).toEqual([]);
  });

  it('allows exactly the outcomes of the program’s list', () => {
    const { sqlite } = tempArchive();
    const allowed = (table: string) => {
      const sql = sqlite.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(table);
      const values = /CHECK\([^(]*outcome"? IN \(([^)]*)\)/.exec(sql ?? '')?.[1] ?? '';
      return values.split(', ').map((value) => value.slice(1, -1));
    };
    expect(allowed('runs')).toEqual(OUTCOMES);
    expect(allowed('sweeps')).toEqual(OUTCOMES);
    expect(allowed('run_sources')).toEqual(END_OUTCOMES);
  });

  it('refuses a value that does not have its column’s type', () => {
    const { sqlite } = tempArchive();
    const insert = sqlite.prepare("INSERT INTO outputs (sha256, text, size_bytes) VALUES (x'00', 'a', ?)");
    expect(() => insert.run('many')).toThrow(/cannot store TEXT value in INTEGER column/);
  });

  it('has plural snake_case names, which are easy to type', () => {
    const db = tempArchive();
    const columns = namesInFile(db, 'table').flatMap((table) => columnsInFile(db, table).map(({ name }) => name));
    const names = [...namesInFile(db, 'table'), ...namesInFile(db, 'view'), ...columns];
    expect(names.filter((name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  it('has column types that match the names: TEXT for _at and _json, INTEGER for _ms and is_', () => {
    const db = tempArchive();
    const types = [
      [/_at$/, 'text'],
      [/_ms$/, 'integer'],
      [/^is_/, 'integer'],
      [/_json$/, 'text'],
    ] as const;
    const wrong = namesInFile(db, 'table')
      .flatMap((table) => columnsInFile(db, table))
      .filter(({ name, type }) => types.some(([ending, expected]) => ending.test(name) && type !== expected))
      .map(({ name }) => name);
    expect(wrong).toEqual([]);
  });

  it('has exactly the documented columns in invocations, plugins and outputs', () => {
    const db = tempArchive();
    const names = (table: string) => columnsInFile(db, table).map(({ name }) => name);
    expect(names('invocations')).toEqual(
      expect.arrayContaining(
        `account_id region command_id instance_id instance_name comment document_name document_version requested_at
         status status_details trace_output standard_output_url standard_error_url service_role notification_arn
         notification_events_json notification_type cloudwatch_log_group is_cloudwatch_output_enabled first_seen_at
         changed_at`.split(/\s+/),
      ),
    );
    expect(names('plugins')).toEqual(
      expect.arrayContaining(
        `invocation_id position name status status_details response_code started_at finished_at output_id
         standard_output_url standard_error_url output_s3_region output_s3_bucket_name output_s3_key_prefix`.split(
          /\s+/,
        ),
      ),
    );
    expect(names('outputs')).toEqual(['id', 'sha256', 'text', 'size_bytes']);
  });

  it.each([
    ["INSERT INTO runs (started_at, outcome, collector) VALUES ('t', 'done', 'c')", /runs_outcome/],
    ["INSERT INTO coverage VALUES ('1', 'r', '2026-01-02', '2026-01-01')", /coverage_span/],
    ['INSERT INTO plugins (invocation_id, position) VALUES (99, 0)', /FOREIGN KEY/],
  ])('refuses %s', (statement, error) => {
    const { sqlite } = tempArchive();
    expect(() => sqlite.exec(statement)).toThrow(error);
  });

  it('keeps rows of different accounts, regions, commands and nodes apart, and refuses a key twice', () => {
    const { sqlite } = tempArchive();
    const insert = sqlite.prepare(
      "INSERT INTO invocations (account_id, region, command_id, instance_id, first_seen_at, changed_at, fingerprint) VALUES (?, ?, ?, ?, '', '', x'')",
    );
    const key = ['1', 'r', 'c', 'i'];
    insert.run(key);
    for (const at of key.keys()) insert.run(key.with(at, 'other'));
    expect(() => insert.run(key)).toThrow(/UNIQUE/);
    expect(sqlite.prepare('SELECT count(*) FROM invocations').pluck().get()).toBe(5);
  });
});

describe('an observed state in the file', () => {
  function archiveWithRevision(): ArchiveDb {
    const db = tempArchive();
    db.sqlite.exec(`
      INSERT INTO state_dictionaries (id, bytes) VALUES (9, x'00');
      INSERT INTO invocations (id, account_id, region, command_id, instance_id, first_seen_at, changed_at, fingerprint)
        VALUES (1, '1', 'r', 'c', 'i', '', '', x'');
      INSERT INTO revision_pages (id, dictionary_id, states) VALUES (8, 9, x'01');
      INSERT INTO revisions (seq, invocation_id, observed_at, plugin_count, page_id, line) VALUES (1, 1, 't', 0, 8, 0)`);
    return db;
  }
  const VALUES = "VALUES (1, 1, 'later', 0, 8, 0)";
  const COLUMNS = '(seq, invocation_id, observed_at, plugin_count, page_id, line)';

  it.each([
    ['updated', 'UPDATE revisions SET line = 2', /append-only: an observed state is never changed/],
    ['renumbered', 'UPDATE revisions SET seq = 7', /append-only: an observed state is never changed/],
    ['deleted', 'DELETE FROM revisions', /append-only: an observed state is never deleted/],
    ['replaced', `INSERT OR REPLACE INTO revisions ${COLUMNS} ${VALUES}`, /append-only: an observed state is never/],
    ['replaced by REPLACE', `REPLACE INTO revisions ${COLUMNS} ${VALUES}`, /append-only: an observed state is never/],
    [
      'upserted',
      `INSERT INTO revisions ${COLUMNS} ${VALUES} ON CONFLICT (seq) DO UPDATE SET line = excluded.line`,
      /append-only: an observed state is never/,
    ],
    ['rewritten', "UPDATE revision_pages SET states = x'02'", /revision_pages are append-only/],
    ['left without its bytes', 'DELETE FROM revision_pages', /revision_pages are append-only/],
    ['given other bytes', "REPLACE INTO revision_pages VALUES (8, 9, x'02', NULL)", /revision_pages are append-only/],
    ['left without its dictionary', 'DELETE FROM state_dictionaries', /state_dictionaries are append-only/],
    [
      'read with another dictionary',
      "UPDATE state_dictionaries SET bytes = x'02'",
      /state_dictionaries are append-only/,
    ],
    [
      'given another dictionary',
      "REPLACE INTO state_dictionaries VALUES (9, x'02')",
      /state_dictionaries are append-only/,
    ],
  ])('is never %s', (_how, statement, error) => {
    const db = archiveWithRevision();
    const before = db.sqlite.prepare('SELECT * FROM revisions').all();
    expect(() => db.sqlite.exec(statement)).toThrow(error);
    expect(db.sqlite.prepare('SELECT * FROM revisions').all()).toEqual(before);
    expect(before).toHaveLength(1);
  });
});
