import { UserFault } from '../../lib/errors/user-fault.ts';
import { visibleText } from '../../lib/text/visible-text.ts';
import { parseLocation } from '../store/parse-location.ts';
import { ddlTables } from './ddl-table.ts';
import type { Engine } from './engine.ts';
import { ATHENA } from './engines/athena.ts';
import { CLICKHOUSE } from './engines/clickhouse.ts';
import { DUCKDB } from './engines/duckdb.ts';
import { ICEBERG } from './engines/iceberg.ts';
import { SPARK } from './engines/spark.ts';
import { TRINO } from './engines/trino.ts';

/** The engines for which there are statements, by the names that the command line takes. */
export const ENGINES = {
  athena: ATHENA,
  trino: TRINO,
  spark: SPARK,
  clickhouse: CLICKHOUSE,
  duckdb: DUCKDB,
  iceberg: ICEBERG,
} as const satisfies Readonly<Record<string, Engine>>;

export type EngineName = keyof typeof ENGINES;

/** What a prefix of a bucket may have, so that it means the same to S3, in an address and in a pattern of files. */
const SAFE_PREFIX = /^[A-Za-z0-9!_.'()/=-]*$/;

/**
 * Returns the lines of the statements with which an engine sees tables of a lake. Throws UserFault if the place is none
 * that the engine can read.
 */
export function printDdl(
  name: EngineName,
  { location: given, tables: names, version }: { location: string; tables: readonly string[]; version: string },
): string[] {
  const engine: Engine = ENGINES[name];
  if (visibleText(given) !== given)
    throw wrong(
      `The lake "${given}" has characters in its name that can't be seen, and no statement should have those.`,
    );
  const location = parseLocation(given);
  if (location.kind === 's3' && !SAFE_PREFIX.test(location.prefix))
    throw wrong(
      `The prefix "${location.prefix}" has characters that engines take for a pattern or an escape. All of them understand letters, digits and ! - _ . ' ( ) =.`,
    );
  const refusal = engine.refuses(location);
  if (refusal !== undefined) throw wrong(`${engine.title} ${refusal}.`);
  const tables = ddlTables().filter((table) => names.includes(table.name));
  return engine.write({ location, tables, version });
}

function wrong(sentence: string): UserFault {
  return new UserFault(sentence, { exitCode: 2 });
}
