import type { DuckDBConnection } from '@duckdb/node-api';
import { containsText } from '../../db/functions/contains.ts';
import { decodeText } from '../../db/functions/decode-text.ts';
import { localTime } from '../../db/functions/local-time.ts';
import type { DuckDb } from '../parquet/load-duckdb.ts';

/** The functions themselves have names that no query may use: a macro calls each only for the texts that need it. */
export const OWN_PREFIX = 'ssm_archive_';

/**
 * Adds the functions of docs/sql.md, with what they mean in SQLite, because they are the same functions. Most texts have
 * no NUL, and for these DuckDB itself is faster. `lower` also changes letters beyond A to Z, so that a text which
 * contains the part always contains it in lower case too: only such texts are looked at closely.
 */
export const FUNCTION_MACROS: readonly string[] = [
  `CREATE MACRO contains_text(t, part) AS CASE
     WHEN t IS NULL OR part IS NULL THEN NULL
     WHEN contains(CAST(t AS VARCHAR), chr(0)) OR contains(lower(CAST(t AS VARCHAR)), lower(CAST(part AS VARCHAR)))
     THEN ${OWN_PREFIX}contains_text(CAST(t AS VARCHAR), CAST(part AS VARCHAR)) ELSE false END`,
  `CREATE MACRO decode_text(t) AS CASE WHEN contains(CAST(t AS VARCHAR), chr(0))
     THEN ${OWN_PREFIX}decode_text(CAST(t AS VARCHAR)) ELSE CAST(t AS VARCHAR) END`,
  `CREATE MACRO local_time(moment, zone) AS ${OWN_PREFIX}local_time(CAST(moment AS VARCHAR), CAST(zone AS VARCHAR))`,
];

/** Adds the functions that the macros call. */
export function addFunctions(duckDb: DuckDb, connection: DuckDBConnection): void {
  const add = (
    name: string,
    parameters: number,
    of: (...texts: (string | null)[]) => string | boolean | null,
    returnType: DuckDb['VARCHAR'] | DuckDb['BOOLEAN'],
  ) =>
    connection.registerScalarFunction(
      duckDb.DuckDBScalarFunction.create({
        name: `${OWN_PREFIX}${name}`,
        ...{ returnType, parameterTypes: Array.from({ length: parameters }, () => duckDb.VARCHAR) },
        mainFunction(info, input, output) {
          const columns = Array.from({ length: parameters }, (_, n) => input.getColumnVector(n));
          try {
            for (let row = 0; row < input.rowCount; row++)
              output.setItem(row, of(...columns.map((column) => textOf(column.getItem(row)))));
            output.flush();
          } catch (error) {
            info.setError(error instanceof Error ? error.message : String(error));
          }
        },
      }),
    );
  add('contains_text', 2, (text = null, part = null) => truthOf(containsText(text, part)), duckDb.BOOLEAN);
  add('decode_text', 1, (text = null) => decodeText(text), duckDb.VARCHAR);
  add('local_time', 2, (at = null, zone = null) => localTime(at, zone), duckDb.VARCHAR);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function truthOf(value: bigint | null): boolean | null {
  return value === null ? null : value === 1n;
}
