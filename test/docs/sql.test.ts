import { readFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { addFunctions } from '../../src/db/functions/add-functions.ts';
import { simulatedArchive } from './simulated-archive.ts';
import { type SqlBlock, sqlBlocks } from './sql-blocks.ts';

const questions = sqlBlocks(readFileSync('docs/sql.md', 'utf8'));
const worked = questions.filter(({ heading }) => heading.endsWith('?'));
const others = [
  ...questions.filter(({ heading }) => !heading.endsWith('?')),
  ...sqlBlocks(readFileSync('docs/schema.md', 'utf8')),
];
const db = new SQLite(await simulatedArchive(), { readonly: true, fileMustExist: true });
db.pragma('trusted_schema = OFF');
addFunctions(db);
afterAll(() => db.close());

const key = z.tuple([z.string(), z.string()]);
const MIXED_COMMAND = `SELECT command_id FROM invocations WHERE document_name = 'AWS-UpdateSSMAgent'
  GROUP BY command_id HAVING count(DISTINCT status) > 1 ORDER BY count(*) DESC LIMIT 1`;
const CHANGED = 'SELECT command_id, instance_id FROM invocations WHERE changed_at > first_seen_at LIMIT 1';

/** The page's values. Ids, which no other archive has, are replaced by ids from rows that the question finds. */
function parametersOf({ parameters }: SqlBlock): Record<string, string> {
  const [changedCommand, changedNode] = key.parse(db.prepare(CHANGED).raw().get());
  const mixedCommand = z.string().parse(db.prepare(MIXED_COMMAND).pluck().get());
  const isOfOne = 'command_id' in parameters && 'instance_id' in parameters;
  return {
    ...parameters,
    ...('command_id' in parameters && { command_id: isOfOne ? changedCommand : mixedCommand }),
    ...('instance_id' in parameters && { instance_id: changedNode }),
  };
}

function planOf(block: SqlBlock): string[] {
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${block.sql}`).all(parametersOf(block));
  return z
    .array(z.object({ detail: z.string() }))
    .parse(rows)
    .map(({ detail }) => detail);
}

/** The tables that the plan reads from end to end, by name. A scan of a partial index does not read the whole table. */
function scannedTables(block: SqlBlock): string[] {
  const named = new Map(
    [...block.sql.matchAll(/\b(?:FROM|JOIN) (\w+)(?: (?!WHERE|JOIN|LEFT|ON|GROUP|INDEXED|UNION)(\w+))?/g)].map(
      ([, table = '', alias = table]) => [alias, table],
    ),
  );
  // The names that the view itself gives to its tables.
  const inView = new Map(
    block.sql.includes('plugin_runs')
      ? [
          ['i', 'invocations'],
          ['p', 'plugins'],
          ['o', 'outputs'],
        ]
      : [],
  );
  const isTable = db.prepare("SELECT 1 FROM pragma_table_list WHERE type = 'table' AND name = ?").pluck();
  const isPartial = db
    .prepare("SELECT sql LIKE '%) WHERE %' FROM sqlite_schema WHERE type = 'index' AND name = ?")
    .pluck();
  const scanned = planOf(block).flatMap((detail) => {
    const [, name = '', index = ''] = /^SCAN (\w+)(?:.* INDEX (\w+))?/.exec(detail) ?? [];
    return isPartial.get(index) === 1 ? [] : [name];
  });
  const tables = scanned.map((name) => named.get(name) ?? inView.get(name) ?? name);
  return [...new Set(tables.filter((name) => isTable.get(name) === 1))].sort();
}

describe('docs/sql.md', () => {
  test('has at least twenty worked questions, each with a heading of its own', () => {
    expect(worked.length).toBeGreaterThanOrEqual(20);
    expect(new Set(worked.map(({ heading }) => heading)).size).toBe(worked.length);
  });

  test.each(worked.map((block) => [block.heading, block] as const))('%s', (_, block) => {
    const statement = db.prepare(block.sql);
    expect([statement.reader, statement.readonly]).toEqual([true, true]);
    expect(block.sql).toMatch(/^(SELECT|WITH)\b/);
    const rows = statement.all(parametersOf(block));
    expect(rows.length).toBeGreaterThan(0);
    expect(statement.columns().map(({ name }) => name)).toEqual(block.columns);
    expect(scannedTables(block)).toEqual([...block.readsAllOf].sort());
  });

  const spans = worked.filter(
    ({ parameters, readsAllOf }) => ('from' in parameters || 'since' in parameters) && readsAllOf.length === 0,
  );
  test.each(spans.map((block) => [block.heading, block] as const))(
    'has a question that finds its span by an index: %s',
    (_, block) => {
      const range = 'to' in block.parameters ? String.raw`(\w+_at|day)>\? AND \2<\?` : String.raw`(\w+_at|day)>\?`;
      expect(planOf(block).join('\n')).toMatch(new RegExp(String.raw`USING (COVERING )?INDEX \w+ \(.*\b${range}`));
    },
  );
});

test.each(others.map((block) => [block.heading, block.sql] as const))(
  'an example of docs/sql.md returns rows: %s',
  (_, sql) => {
    const statement = db.prepare(sql);
    expect([statement.reader, statement.readonly]).toEqual([true, true]);
    expect(statement.all().length).toBeGreaterThan(0);
  },
);
