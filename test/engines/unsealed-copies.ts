import SQLite, { type Database } from 'better-sqlite3';
import { ddlTables } from '../../src/lake/ddl/ddl-table.ts';
import { COMMANDS } from '../../src/lake/tables/commands-table.ts';
import { LAKE_TABLES } from '../../src/lake/tables/lake-tables.ts';
import { allRows } from '../../src/lake/tables/select-rows.ts';
import { DAYS, MONTH } from './hostile-lake.ts';

export type Row = readonly unknown[];

const KEY = 'i.account_id, i.region, i.command_id, i.instance_id, i.document_name, i.requested_at';
const OF_RUN = `${KEY}, substr(i.requested_at, 1, 10) AS day`;

/** The tables of the lake as SQL of an archive that is attached, with the columns that the portable questions name. */
function viewsOf(archive: string): Readonly<Record<string, string>> {
  const ofSteps = `${archive}.invocations i ON i.id = t.invocation_id LEFT JOIN ${archive}.outputs o ON o.id = t.output_id`;
  return {
    invocations: `SELECT *, substr(requested_at, 1, 10) AS day FROM ${archive}.invocations`,
    plugins: `SELECT ${OF_RUN}, t.*, o.text AS output FROM ${archive}.plugins t JOIN ${ofSteps}`,
    revisions: `SELECT ${OF_RUN}, t.* FROM ${archive}.revisions t JOIN ${archive}.invocations i ON i.id = t.invocation_id`,
    full_outputs: `SELECT t.invocation_id, t.stream, lower(hex(t.sha256)) AS sha256, t.size_bytes, t.total_bytes,
      o.text AS output FROM ${archive}.full_outputs t JOIN ${ofSteps}`,
    commands: `SELECT c.*, s.principal_arn, substr(c.requested_at, 1, 7) AS month FROM ${archive}.commands c
      LEFT JOIN ${archive}.command_senders s USING (account_id, region, command_id)`,
  };
}

/** Copies of the archives of a lake from before their days were sealed, which are asked as one. */
export interface UnsealedCopies {
  /** The rows of a portable question. */
  ask(question: string): Row[];
  /** Every row of a table, as the lake has it, with its day or month at the end. */
  every(table: string): Row[];
  close(): void;
}

export function openUnsealedCopies(paths: readonly string[]): UnsealedCopies {
  const together = new SQLite(':memory:');
  paths.forEach((path, n) => {
    together.prepare('ATTACH ? AS ?').run(path, `archive_${n}`);
  });
  const views = paths.map((_, n) => viewsOf(`archive_${n}`));
  for (const name of Object.keys(viewsOf('')))
    together.exec(`CREATE TEMP VIEW ${name} AS ${views.map((of) => of[name]).join(' UNION ALL ')}`);
  const archives = paths.map((path) => new SQLite(path, { fileMustExist: true }));
  return {
    ask: (question) => together.prepare<[], Row>(question).raw().all(),
    every: (table) => everyRow(archives, table),
    close() {
      for (const sqlite of [together, ...archives]) sqlite.close();
    },
  };
}

const tableOf = (name: string) => [...LAKE_TABLES, COMMANDS].find((one) => one.name === name);

function everyRow(archives: readonly Database[], name: string): Row[] {
  const table = tableOf(name);
  if (!table) throw new Error(`there is no table ${name}`);
  const columns = (ddlTables().find((one) => one.name === name)?.columns ?? []).map((column) => column.name);
  const places = table.order.map((column) => columns.indexOf(column));
  // SQLite's own order of the archive's rows, which is that of the bytes of a text.
  const inOrder = (a: Row, b: Row) => {
    for (const place of places) {
      const [one, other] = [a[place], b[place]];
      if (typeof one === 'number' && typeof other === 'number' && one !== other) return one - other;
      const order = Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
      if (order !== 0) return order;
    }
    return 0;
  };
  const partitions = table === COMMANDS ? [MONTH] : DAYS;
  const rowsOf = (sqlite: Database, partition: string) =>
    [...allRows(table, sqlite, partition)].map((row) => [...row, partition]);
  return archives.flatMap((sqlite) => partitions.flatMap((partition) => rowsOf(sqlite, partition))).sort(inOrder);
}

/** The question for every row of a table, in an order in which no two rows are alike. */
export function everyRowOf(name: string): string {
  const { columns = [], partition } = ddlTables().find((table) => table.name === name) ?? {};
  const order = tableOf(name)?.order ?? [];
  return `SELECT ${[...columns.map((column) => column.name), partition].join(', ')} FROM ${name} ORDER BY ${order.join(', ')}`;
}
