import { FIRST_DAY } from '../../seal/hot-days.ts';
import { monthOf } from '../../tables/months.ts';
import { columnLines } from '../column-lines.ts';
import type { DdlTable } from '../ddl-table.ts';
import { type DdlRequest, type Engine, SCHEMA } from '../engine.ts';
import { folderOf } from '../folder-of.ts';
import { header } from '../header.ts';
import { withBackslashes, withDoubled } from '../quoting.ts';

/** Amazon Athena. It works out by itself which days there may be, so that no day has to be told. */
export const ATHENA: Engine = {
  title: 'Athena',
  refuses: ({ kind }) =>
    kind === 's3' ? undefined : 'reads buckets of S3 alone: give --location s3://bucket/prefix, where a copy is',
  write({ location, tables, version }) {
    return [
      ...header('--', 'Amazon Athena', version, NOTES),
      `CREATE DATABASE IF NOT EXISTS ${quoted(SCHEMA)};`,
      ...tables.flatMap((table) => ['', ...createTable(table, location)]),
    ];
  },
};

const NOTES = [
  'Athena takes one statement at a time.',
  'When a new day is sealed: nothing is to be done. Athena works out the days from the range of a table, and a day without files has no rows. A question that names no day looks for each day of the range: begin the range with the first day of your lake.',
  'When a later version adds columns: DROP the tables, which leaves the files as they are, and run what that version prints.',
];

const TYPES = { VARCHAR: 'string', BIGINT: 'bigint' } as const;
const PROJECTIONS = {
  day: { format: 'yyyy-MM-dd', first: FIRST_DAY, unit: 'DAYS' },
  month: { format: 'yyyy-MM', first: monthOf(FIRST_DAY), unit: 'MONTHS' },
} as const;

function createTable({ name, columns, partition }: DdlTable, location: DdlRequest['location']): string[] {
  const { format, first, unit } = PROJECTIONS[partition];
  const properties = [
    ['projection.enabled', 'true'],
    [`projection.${partition}.type`, 'date'],
    [`projection.${partition}.format`, format],
    [`projection.${partition}.range`, `${first},NOW`],
    [`projection.${partition}.interval`, '1'],
    [`projection.${partition}.interval.unit`, unit],
  ] as const;
  return [
    `CREATE EXTERNAL TABLE ${quoted(SCHEMA)}.${quoted(name)} (`,
    ...columnLines(columns, (column) => `${quoted(column.name)} ${TYPES[column.type]}`),
    ')',
    `PARTITIONED BY (${quoted(partition)} string)`,
    'STORED AS PARQUET',
    `LOCATION ${literal(`${folderOf(location, name)}/`)}`,
    'TBLPROPERTIES (',
    ...properties.map(
      ([key, value], n) => `  ${literal(key)} = ${literal(value)}${n < properties.length - 1 ? ',' : ''}`,
    ),
    ');',
  ];
}

function quoted(name: string): string {
  return withDoubled('`', name);
}

function literal(text: string): string {
  return withBackslashes("'", text);
}
