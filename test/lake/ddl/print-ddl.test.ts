import { describe, expect, it } from 'vitest';
import { DDL_TABLE_NAMES, ddlTables } from '../../../src/lake/ddl/ddl-table.ts';
import { ENGINES, type EngineName, printDdl } from '../../../src/lake/ddl/print-ddl.ts';

const NAMES = Object.keys(ENGINES).filter((name): name is EngineName => Object.hasOwn(ENGINES, name));

function printed(engine: EngineName, location: string, tables = DDL_TABLE_NAMES): string {
  return printDdl(engine, { location, tables, version: '0.0.0' }).join('\n');
}

describe.each(NAMES)('the statements for %s', (engine) => {
  it('name every column of every table, and the folder of each', () => {
    const text = printed(engine, 's3://my-bucket/the/lake');
    for (const { name, columns } of ddlTables()) {
      expect(text).toMatch(new RegExp(`\\b${name}\\b`));
      const [one] = [printed(engine, 's3://my-bucket/the/lake', [name])];
      for (const column of columns) expect(one).toMatch(new RegExp(`\\b${column.name}\\b`));
      if (engine !== 'iceberg') expect(one).toMatch(new RegExp(`s3a?://my-bucket/the/lake/${name}[/']`));
    }
  });

  it('have only the tables that are asked for', () => {
    const text = printed(engine, 's3://my-bucket/lake', ['plugins']);
    expect(text).toContain('plugins');
    expect(text).not.toMatch(/["'`/](invocations|revisions|full_outputs|commands)["'`/]/);
  });

  it('say in comments of that engine what to do when a new day is sealed, and have no line that is wider than a terminal', () => {
    const lines = printed(engine, 's3://b-1/l').split('\n');
    const mark = engine === 'iceberg' ? '# ' : '-- ';
    const begin = lines.findIndex((line) => !line.startsWith(mark));
    expect(lines.slice(0, begin).join('\n')).toContain('When a new day is sealed');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});

it('no statement has the name of a place with characters that cannot be seen', () => {
  for (const place of ['/a\nb', '/a\u202eb', 's3://bucket/\u0000'])
    for (const engine of NAMES) expect(() => printed(engine, place)).toThrow("can't be seen");
});

it('a place that an engine would take for another one is refused in a sentence', () => {
  for (const engine of NAMES) expect(() => printed(engine, 's3://bucket/a*b')).toThrow('a pattern or an escape');
  expect(() => printed('athena', '/srv/lake')).toThrow(
    'Athena reads buckets of S3 alone: give --location s3://bucket/prefix, where a copy is.',
  );
  expect(() => printed('clickhouse', '/srv/{lake}')).toThrow('takes * ? { } and " in a path for something else');
  expect(() => printed('duckdb', '/srv/a\\b')).toThrow('takes a backslash');
  for (const engine of ['duckdb', 'clickhouse'] as const)
    for (const place of ['/srv/day=1/lake', 's3://bucket/month=1'])
      expect(() => printed(engine, place)).toThrow('would take the day= or month= in the path');
});

it.each<[EngineName, string, string]>([
  ['athena', "s3://bucket/it's", "LOCATION 's3://bucket/it\\'s/plugins/'"],
  ['trino', '/it\'s/"a"', `external_location = 'local:///it''s/"a"/plugins'`],
  ['spark', `/it's/\\$\{a}`, "LOCATION '/it\\'s/\\\\\\u0024{a}/plugins'"],
  ['clickhouse', "/it's/\\a", "'/it\\'s/\\\\a/plugins/day=*/*.parquet'"],
  ['duckdb', "/it's/[a]", "'/it''s/[[]a]/plugins/day=*/*.parquet'"],
  ['iceberg', '/it\'s/"a"', 'ROOT = "/it\'s/\\"a\\""'],
])('a place whose name is full of quotes is written for %s as that engine reads it', (engine, location, written) => {
  expect(printed(engine, location, ['plugins'])).toContain(written);
});
