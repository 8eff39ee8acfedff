import { columnLines } from '../column-lines.ts';
import type { DdlTable } from '../ddl-table.ts';
import { type DdlRequest, type Engine, SCHEMA } from '../engine.ts';
import { folderOf } from '../folder-of.ts';
import { header } from '../header.ts';
import { namesPartition } from '../names-partition.ts';
import { withBackslashes } from '../quoting.ts';

/**
 * ClickHouse. A view says all columns with their types: a file that lacks one has NULL there, and a day stays text.
 */
export const CLICKHOUSE: Engine = {
  title: 'ClickHouse',
  refuses(location) {
    // With a double quote in a path, ClickHouse 26.9 finds no days in it, and says nothing.
    if (location.kind === 'folder' && /[*?{}"]/.test(location.path))
      return 'takes * ? { } and " in a path for something else, and has no way to write them';
    return namesPartition(location);
  },
  write({ location, tables, version }) {
    const notes = [
      ...(location.kind === 'folder' ? FOLDER_NOTES : S3_NOTES),
      'When a new day is sealed: nothing is to be done. Each question lists the files.',
      'When a later version adds columns: run what that version prints.',
    ];
    return [
      ...header('--', 'ClickHouse', version, notes),
      `CREATE DATABASE IF NOT EXISTS ${quoted(SCHEMA)};`,
      ...tables.flatMap((table) => ['', ...createView(table, location)]),
    ];
  },
};

const FOLDER_NOTES = ['clickhouse-local and chDB read any folder; a server only those in its user_files_path.'];
const S3_NOTES = [
  'The credentials are those of the server (use_environment_credentials).',
  'For a store that is not Amazon S3, write its URL for s3://bucket.',
];

const TYPES = { VARCHAR: 'Nullable(String)', BIGINT: 'Nullable(Int64)' } as const;

function createView({ name, columns, partition }: DdlTable, location: DdlRequest['location']): string[] {
  const files = `${folderOf(location, name)}/${partition}=*/*.parquet`;
  // In the text of a structure a name with a quote would need escapes within escapes; none of the lake's has one.
  const structure = [...columns.map((column) => `${column.name} ${TYPES[column.type]}`), `${partition} String`];
  return [
    `CREATE OR REPLACE VIEW ${quoted(SCHEMA)}.${quoted(name)} AS SELECT`,
    ...columnLines([...columns, { name: partition, type: 'VARCHAR' }], (column) => quoted(column.name)),
    `FROM ${location.kind === 'folder' ? 'file' : 's3'}(`,
    `  ${literal(files)},`,
    "  'Parquet',",
    "  '",
    ...structure.map((part, n) => `    ${part}${n < structure.length - 1 ? ',' : ''}`),
    "  ')",
    'SETTINGS use_hive_partitioning = 1;',
  ];
}

function quoted(name: string): string {
  return withBackslashes('`', name);
}

function literal(text: string): string {
  return withBackslashes("'", text);
}
