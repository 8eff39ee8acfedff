import { DDL_TABLE_NAMES } from '../../../src/lake/ddl/ddl-table.ts';
import { type EngineName, printDdl } from '../../../src/lake/ddl/print-ddl.ts';
import { packageVersion } from '../../../src/lib/process/package-root.ts';

/** What `ssm-archive lake ddl` prints for an engine. */
export function printedDdl(engine: EngineName, location: string): string {
  return printDdl(engine, { location, tables: DDL_TABLE_NAMES, version: packageVersion() }).join('\n');
}

/** The statements of it, for an engine that takes one at a time, and no comments. */
export function statementsOf(ddl: string): string[] {
  const text = ddl.replaceAll(/^-- .*$/gm, '');
  return text
    .split(/;$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
