import type { FileFormat } from '../../lib/media-types.ts';
import { sha256 } from '../../lib/sha256.ts';
import { SqlFault } from '../../questions/sql/sql-fault.ts';
import { ReaderLost } from '../pool/errors.ts';
import type { GatheredRead, ReadOptions, ReadStream } from '../pool/read-task.ts';
import type { LakeSql } from './create-lake-sql.ts';
import type { SqlPool } from './create-sql-pool.ts';
import type { SqlQuery } from './open-query.ts';
import type { SelectLinesInput } from './select-lines.ts';

/** The process pool that answers callers' SQL, and its limits. */
export interface SqlDeps {
  /** Undefined on a server over a lake alone, which has no archive. */
  pool: SqlPool | undefined;
  /** The engine over the lake; undefined if no lake is configured. */
  lake?: LakeSql | undefined;
  /** The longest time that a query may take. This does not limit downloads. */
  deadlineMs: number;
  /** How much memory a query's process may take. */
  memoryBytes: number;
  /**
   * An answer may have at most this many rows, and this many bytes in its rows. These limits do not apply to downloads.
   */
  maxRows: number;
  maxBytes: number;
}

/** A pool of either engine. */
interface AskedPool<Way extends 'gather' | 'stream', Name extends string, Input> extends Pick<SqlDeps, 'memoryBytes'> {
  pool: {
    [Each in Way]: (
      name: Name,
      input: Input,
      options: ReadOptions,
    ) => Promise<Way extends 'gather' ? GatheredRead : ReadStream>;
  };
}

/** The caller and the bounds of a read. The other options are derived from the query. */
export type SqlAsker = Omit<ReadOptions, 'key' | 'bytes'>;

const MEBIBYTE = 1024 * 1024;

/**
 * Returns a query's rows up to a limit, as selectJson writes them. Rejects as the pool does, and with SqlFault if the
 * process was lost.
 */
export function gatherSql<Input extends SqlQuery & { limit: number; maxBytes: number }>(
  deps: AskedPool<'gather', 'selectJson', Input>,
  input: Input,
  asker: SqlAsker,
): Promise<GatheredRead> {
  return explainLoss(deps, deps.pool.gather('selectJson', input, optionsOf(input, asker)));
}

/** Returns all of a query's rows, as selectFile writes them. Rejects as gatherSql does. */
export function fileSql<Input extends SqlQuery & { format: FileFormat }>(
  deps: AskedPool<'stream', 'selectFile', Input>,
  input: Input,
  asker: SqlAsker,
): Promise<ReadStream> {
  return explainLoss(deps, deps.pool.stream('selectFile', input, optionsOf(input, asker)));
}

/** Returns all of a query's rows, as selectLines writes them. Rejects as gatherSql does. */
export function streamSql<Input extends SelectLinesInput>(
  deps: AskedPool<'stream', 'selectLines', Input>,
  input: Input,
  asker: SqlAsker,
): Promise<ReadStream> {
  return explainLoss(deps, deps.pool.stream('selectLines', input, optionsOf(input, asker)));
}

function optionsOf({ sql, params }: SqlQuery, asker: SqlAsker): ReadOptions {
  return {
    ...asker,
    key: sha256(sql).toString('base64'),
    bytes: sql.length + JSON.stringify(params ?? null).length,
  };
}

async function explainLoss<Read>({ memoryBytes }: Pick<SqlDeps, 'memoryBytes'>, asked: Promise<Read>): Promise<Read> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ReaderLost)) throw error;
    const ceiling = `${Math.floor(memoryBytes / MEBIBYTE)} MiB (SSM_ARCHIVE_SQL_MEMORY_BYTES)`;
    const message = `The process of the query was ended: it needed more than the ${ceiling} that a query may use, or too much processor time.`;
    throw new SqlFault(message, { kind: 'memory' }, { cause: error });
  }
}
