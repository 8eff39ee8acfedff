import { readFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeSchema } from '../../../src/archive/file/describe-schema.ts';
import { readSchemaPage } from '../../../src/questions/sql/read-schema-page.ts';
import { tempArchive, tempFolder } from '../../db/temp-archive.ts';
import { fillArchive } from '../../service/fill-archive.ts';

const PAGE = readSchemaPage();

it('the description of the schema has every table, view and column except internal ones, each with its sentence in docs/schema.md', () => {
  const { sqlite } = tempArchive();
  const tables = describeSchema(sqlite, PAGE);
  const created = sqlite
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT GLOB 'sqlite_*'
        AND name NOT GLOB 'outputs_fts_*' AND name <> '__drizzle_migrations'`,
    )
    .pluck()
    .all();
  expect(tables.map(({ name }) => name).sort()).toEqual(created.sort());
  const text = readFileSync('docs/schema.md', 'utf8').replaceAll(/\s+/g, ' ');
  for (const { name, description, columns, indexes } of tables) {
    expect(text).toContain(`## ${name} ${description} | column | what it is |`);
    const own = sqlite.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(name);
    expect(columns.map((column) => column.name)).toEqual(own);
    for (const told of [...columns, ...indexes]) expect(text).toContain(`| \`${told.name}\` | ${told.description} |`);
  }
});

it('the description of the schema has the types of columns, and the columns and condition of indexes', () => {
  const tables = describeSchema(tempArchive().sqlite, PAGE);
  const table = (name: string) => tables.find((told) => told.name === name);
  expect(tables[0]?.name).toBe('invocations');
  expect(table('invocations')?.columns.slice(0, 2)).toEqual([
    expect.objectContaining({ name: 'id', type: 'INTEGER', isNullable: false }),
    expect.objectContaining({ name: 'account_id', type: 'TEXT', isNullable: false }),
  ]);
  expect(table('invocations')?.columns.find(({ name }) => name === 'comment')?.isNullable).toBe(true);
  expect(table('invocations')?.indexes).toEqual(
    expect.arrayContaining([
      {
        ...{ name: 'invocations_key', isUnique: true, where: null },
        columns: ['command_id', 'account_id', 'region', 'instance_id'],
        description: "the identity; finds a command's nodes",
      },
      expect.objectContaining({
        ...{ name: 'invocations_unfinished', isUnique: false },
        where: "coalesce(status, '') NOT IN ('Success', 'Cancelled', 'TimedOut', 'Failed')",
      }),
    ]),
  );
  expect(['plugin_runs', 'outputs_fts', 'runs'].map((name) => table(name)?.kind)).toEqual(['view', 'virtual', 'table']);
});

it('the description of the schema has row counts; for the view and the full-text index, it counts the rows that they show', () => {
  const folder = tempFolder();
  fillArchive(`${folder}/archive.db`, 70);
  const sqlite = new SQLite(`${folder}/archive.db`);
  sqlite.exec(`INSERT INTO outputs (id, sha256, text, size_bytes) VALUES (5, x'00', 'a', 1);
    INSERT INTO plugins (invocation_id, position, output_id) VALUES (1, 0, 5), (1, 1, 5);`);
  const rows = Object.fromEntries(describeSchema(sqlite, PAGE).map(({ name, estimatedRows }) => [name, estimatedRows]));
  sqlite.close();
  expect(rows).toMatchObject({ invocations: 70, plugins: 2, plugin_runs: 2, outputs: 5, outputs_fts: 5, runs: 0 });
  expect(Object.values(rows)).not.toContain(null);
});

it('describing the schema takes no longer in a large archive: no statement reads all rows of a table', () => {
  const { sqlite } = tempArchive();
  const asked: string[] = [];
  const prepare = sqlite.prepare.bind(sqlite);
  const watched = new Proxy(sqlite, {
    get(target, member) {
      if (member !== 'prepare') return Reflect.get(target, member);
      return (sql: string) => {
        asked.push(sql);
        return prepare(sql);
      };
    },
  });
  const names = describeSchema(watched, PAGE).map(({ name }) => name);
  const ofRows = asked.filter((sql) => sql.includes('max(rowid)'));
  expect(ofRows.length).toBeGreaterThan(names.length / 2);
  const plan = z.array(z.object({ detail: z.string() }));
  for (const sql of asked) {
    const parameters = sql.includes('?') ? ['invocations'] : [];
    const steps = plan.parse(prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters));
    for (const { detail } of steps) expect(detail, sql).not.toMatch(new RegExp(`^SCAN (${names.join('|')})\\b`));
  }
});
