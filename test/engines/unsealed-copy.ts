import SQLite, { type Database } from 'better-sqlite3';
import { ddlTables } from '../../src/lake/ddl/ddl-table.ts';
import { COMMANDS } from '../../src/lake/tables/commands-table.ts';
import { LAKE_TABLES } from '../../src/lake/tables/lake-tables.ts';
import { allRows } from '../../src/lake/tables/select-rows.ts';
import { DAYS, MONTH } from './hostile-lake.ts';

export type Row = readonly unknown[];

const KEY = 'i.account_id, i.region, i.command_id, i.instance_id, i.document_name, i.requested_at';
const OF_RUN = `${KEY}, substr(i.requested_at, 1, 10) AS day`;
const OF_STEPS = `main.invocations i ON i.id = t.invocation_id LEFT JOIN main.outputs o ON o.id = t.output_id`;

/** The tables of the lake as SQL of the archive, with the columns that the portable questions name. */
const VIEWS = {
  invocations: 'SELECT *, substr(requested_at, 1, 10) AS day FROM main.invocations',
  plugins: `SELECT ${OF_RUN}, t.*, o.text AS output FROM main.plugins t JOIN ${OF_STEPS}`,
  revisions: `SELECT ${OF_RUN}, t.* FROM main.revisions t JOIN main.invocations i ON i.id = t.invocation_id`,
  full_outputs: `SELECT t.invocation_id, t.stream, lower(hex(t.sha256)) AS sha256, t.size_bytes, t.total_bytes,
    o.text AS output FROM main.full_outputs t JOIN ${OF_STEPS}`,
  commands: `SELECT c.*, s.principal_arn, substr(c.requested_at, 1, 7) AS month FROM main.commands c
    LEFT JOIN main.command_senders s USING (account_id, region, command_id)`,
};

/** A copy of an archive from before its days were sealed. */
export interface UnsealedCopy {
  /** The rows of a portable question. */
  ask(question: string): Row[];
  /** Every row of a table, as the lake has it, with its day or month at the end. */
  every(table: string): Row[];
  close(): void;
}

export function openUnsealedCopy(path: string): UnsealedCopy {
  const sqlite = new SQLite(path, { fileMustExist: true });
  for (const [name, select] of Object.entries(VIEWS)) sqlite.exec(`CREATE TEMP VIEW ${name} AS ${select}`);
  const ask = (question: string) => sqlite.prepare<[], Row>(question).raw().all();
  return { ask, every: (table) => everyRow(sqlite, table), close: () => void sqlite.close() };
}

function everyRow(sqlite: Database, name: string): Row[] {
  if (name === COMMANDS.name) return [...(COMMANDS.rows?.(sqlite, MONTH) ?? [])].map((row) => [...row, MONTH]);
  const table = LAKE_TABLES.find((one) => one.name === name);
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
  return DAYS.flatMap((day) => [...allRows(table, sqlite, day)].map((row) => [...row, day])).sort(inOrder);
}

/** The question for every row of a table, in an order in which no two rows are alike. */
export function everyRowOf(name: string): string {
  const { columns = [], partition } = ddlTables().find((table) => table.name === name) ?? {};
  const order = (name === COMMANDS.name ? COMMANDS : LAKE_TABLES.find((one) => one.name === name))?.order ?? [];
  return `SELECT ${[...columns.map((column) => column.name), partition].join(', ')} FROM ${name} ORDER BY ${order.join(', ')}`;
}
