import type { Database } from 'better-sqlite3';
import type { TableDescription } from '../../archive/file/describe-schema.ts';
import { readMonths } from '../../archive/sealed/lake-index.ts';
import type { SchemaSection } from '../../questions/sql/parse-schema-page.ts';
import { COPIED_TABLES, wholeColumns, wholeTablesOf } from '../hot/hot-tables.ts';
import { COMMANDS } from '../tables/commands-table.ts';
import { hotColumns } from '../tables/hot-columns.ts';
import { columnsOf, type LakeColumn } from '../tables/lake-table.ts';
import { MADE_VIEWS } from './lake-views.ts';

/** The only columns of `plugin_runs` whose values are numbers. */
const NUMBERS_OF_RUNS: readonly string[] = [
  ...['invocation_id', 'position', 'response_code', 'duration_ms'],
  ...['is_cloudwatch_output_enabled', 'is_output_truncated', 'is_output_pruned', 'is_skipped'],
];
/** What the view of the archive has and that of the lake has not: outputs have no numbers there. */
const NOT_IN_LAKE: readonly string[] = ['output_id'];
/** Columns that tables of the lake have besides their own are described where the archive has them. */
const OTHER_PLACES = ['invocations', 'plugin_runs'];

/**
 * The views that SQL over the lake can ask, with their columns and the descriptions of the archive's own tables from
 * `page`. Reads the schema of the archive and no row, so it needs neither DuckDB nor the lake.
 */
export function describeViews(sqlite: Database, page: ReadonlyMap<string, SchemaSection>): TableDescription[] {
  const order = [...page.keys()];
  return [
    ...COPIED_TABLES.map(({ name, hot }) => [name, hot(sqlite)] as const),
    ...wholeTablesOf(sqlite).map((name) => [name, wholeColumns(sqlite, name)] as const),
    ...(readMonths(sqlite).length > 0 ? [[COMMANDS.name, columnsOf(COMMANDS, sqlite)] as const] : []),
    ...MADE_VIEWS.map((name) => [name, columnsOfMade(sqlite, name)] as const),
  ]
    .map(([name, columns]) => ({
      ...{ name, kind: 'view' as const, estimatedRows: null, indexes: [] },
      description: page.get(name)?.description ?? '',
      columns: columns.map(({ name: column, type }) => ({
        ...{ name: column, type, isNullable: true },
        description:
          [name, ...OTHER_PLACES].map((table) => page.get(table)?.columns.get(column)).find((one) => one) ?? '',
      })),
    }))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

function columnsOfMade(sqlite: Database, name: (typeof MADE_VIEWS)[number]): LakeColumn[] {
  return hotColumns(sqlite, name, 'v')
    .filter((column) => !NOT_IN_LAKE.includes(column.name))
    .map((column) => ({ name: column.name, type: NUMBERS_OF_RUNS.includes(column.name) ? 'BIGINT' : 'VARCHAR' }));
}
