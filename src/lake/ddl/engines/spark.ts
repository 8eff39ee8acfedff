import { columnLines } from '../column-lines.ts';
import type { DdlTable } from '../ddl-table.ts';
import { type DdlRequest, type Engine, SCHEMA } from '../engine.ts';
import { folderOf } from '../folder-of.ts';
import { header } from '../header.ts';
import { withBackslashes, withDoubled } from '../quoting.ts';

/** Spark SQL. The partition has a type in the table, so that Spark does not guess that a day is a DATE. */
export const SPARK: Engine = {
  title: 'Spark',
  refuses: () => undefined,
  write({ location, tables, version }) {
    const notes = [
      ...(location.kind === 's3' ? ['On EMR write s3:// for s3a://.'] : []),
      'When a new day is sealed, or one again: run the last statements again.',
      'When a later version adds columns: DROP the tables, which leaves the files as they are, and run what that version prints.',
    ];
    return [
      ...header('--', 'Spark', version, notes),
      `CREATE DATABASE IF NOT EXISTS ${quoted(SCHEMA)};`,
      ...tables.flatMap((table) => ['', ...createTable(table, location)]),
      '',
      ...tables.flatMap(({ name }) => [
        `MSCK REPAIR TABLE ${quoted(SCHEMA)}.${quoted(name)} SYNC PARTITIONS;`,
        `REFRESH TABLE ${quoted(SCHEMA)}.${quoted(name)};`,
      ]),
    ];
  },
};

const TYPES = { VARCHAR: 'STRING', BIGINT: 'BIGINT' } as const;

function createTable({ name, columns, partition }: DdlTable, location: DdlRequest['location']): string[] {
  const all = [...columns, { name: partition, type: 'VARCHAR' as const }];
  return [
    `CREATE TABLE ${quoted(SCHEMA)}.${quoted(name)} (`,
    ...columnLines(all, (column) => `${quoted(column.name)} ${TYPES[column.type]}`),
    ')',
    'USING parquet',
    `PARTITIONED BY (${quoted(partition)})`,
    `LOCATION ${literal(folderOf(location, name, 's3a'))};`,
  ];
}

function quoted(name: string): string {
  return withDoubled('`', name);
}

/** Spark replaces `${name}` in the text of a statement before it reads the statement. An escape hides the dollar. */
function literal(text: string): string {
  return withBackslashes("'", text).replaceAll('$', '\\u0024');
}
