import { columnLines } from '../column-lines.ts';
import type { DdlTable } from '../ddl-table.ts';
import { type DdlRequest, type Engine, SCHEMA } from '../engine.ts';
import { folderOf } from '../folder-of.ts';
import { header } from '../header.ts';
import { withDoubled } from '../quoting.ts';

/** Trino, by its Hive connector. It finds columns by name, and days by a procedure. */
export const TRINO: Engine = {
  title: 'Trino',
  refuses: () => undefined,
  write({ location, tables, version }) {
    const notes = [
      'Run this in a session whose catalog is one of the Hive connector, such as "trino --catalog hive".',
      ...(location.kind === 'folder' ? FOLDER_NOTES : []),
      'When a new day is sealed: run the CALLs at the end again.',
      'When a later version adds columns: DROP the tables, which leaves the files as they are, and run what that version prints.',
    ];
    return [
      ...header('--', 'Trino', version, notes),
      `CREATE SCHEMA IF NOT EXISTS ${quoted(SCHEMA)};`,
      ...tables.flatMap((table) => ['', ...createTable(table, location)]),
      '',
      ...tables.flatMap(({ name }) => [
        'CALL system.sync_partition_metadata(',
        `  ${literal(SCHEMA)}, ${literal(name)}, 'FULL');`,
      ]),
    ];
  },
};

const FOLDER_NOTES = [
  'The catalog needs "fs.native-local.enabled=true" and "local.location=/", and each node the same folder.',
];

function createTable({ name, columns, partition }: DdlTable, location: DdlRequest['location']): string[] {
  const folder = folderOf(location, name);
  const all = [...columns, { name: partition, type: 'VARCHAR' as const }];
  return [
    `CREATE TABLE ${quoted(SCHEMA)}.${quoted(name)} (`,
    ...columnLines(all, (column) => `${quoted(column.name)} ${column.type}`),
    ') WITH (',
    `  external_location = ${literal(location.kind === 'folder' ? `local://${folder}` : folder)},`,
    "  format = 'PARQUET',",
    `  partitioned_by = ARRAY[${literal(partition)}]`,
    ');',
  ];
}

function quoted(name: string): string {
  return withDoubled('"', name);
}

function literal(text: string): string {
  return withDoubled("'", text);
}
