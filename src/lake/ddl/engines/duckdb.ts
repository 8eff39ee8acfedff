import { columnLines } from '../column-lines.ts';
import type { DdlTable } from '../ddl-table.ts';
import { type DdlRequest, type Engine, SCHEMA } from '../engine.ts';
import { folderOf } from '../folder-of.ts';
import { header } from '../header.ts';
import { namesPartition } from '../names-partition.ts';
import { withDoubled } from '../quoting.ts';

/**
 * DuckDB. The rows that it reads are put after no rows of the full form, by name: so a column that no file has yet is
 * NULL, and a column that only later files have changes nothing.
 */
export const DUCKDB: Engine = {
  title: 'DuckDB',
  refuses(location) {
    if (location.kind === 'folder' && location.path.includes('\\'))
      return 'takes a backslash in a path for an end of a folder’s name';
    return namesPartition(location);
  },
  write({ location, tables, version }) {
    const notes = [
      ...(location.kind === 's3' ? S3_NOTES : []),
      'When a new day is sealed: nothing is to be done. Each question lists the files.',
      'DuckDB refuses a view of which there are no files yet, as of commands until a month is sealed: run its statement then.',
      'When a later version adds columns: run what that version prints.',
    ];
    return [
      ...header('--', 'DuckDB', version, notes),
      `CREATE SCHEMA IF NOT EXISTS ${quoted(SCHEMA)};`,
      ...tables.flatMap((table) => ['', ...createView(table, location)]),
    ];
  },
};

const S3_NOTES = ['First say with which credentials, such as: CREATE SECRET (TYPE s3, PROVIDER credential_chain);'];

function createView({ name, columns, partition }: DdlTable, location: DdlRequest['location']): string[] {
  const files = `${withoutPatterns(folderOf(location, name))}/${partition}=*/*.parquet`;
  const all = [...columns, { name: partition, type: 'VARCHAR' as const }];
  return [
    `CREATE OR REPLACE VIEW ${quoted(SCHEMA)}.${quoted(name)} AS SELECT`,
    ...columnLines(all, (column) => quoted(column.name)),
    'FROM (',
    '  SELECT',
    ...columnLines(all, (column) => `  NULL::${column.type} AS ${quoted(column.name)}`),
    '  WHERE false',
    '  UNION ALL BY NAME',
    '  SELECT * FROM read_parquet(',
    `    ${literal(files)},`,
    '    hive_partitioning = true, hive_types_autocast = false, union_by_name = true)',
    ');',
  ];
}

/** Returns a path in which no character stands for others. */
function withoutPatterns(path: string): string {
  return path.replace(/[[*?]/g, '[$&]');
}

function quoted(name: string): string {
  return withDoubled('"', name);
}

function literal(text: string): string {
  return withDoubled("'", text);
}
