import { SealedUnreadable } from '../../archive/sealed/sealed-unreadable.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { LakeFacts } from '../../questions/sql/lake-facts.ts';
import type { SqlEngine } from '../../questions/sql/sql-engine.ts';
import { SqlFault } from '../../questions/sql/sql-fault.ts';
import type { GatheredRead, ReadStream } from '../pool/read-task.ts';
import { fileSql, gatherSql, type SqlAsker, type SqlDeps, streamSql } from './ask-sql.ts';
import type { SqlQuery } from './open-query.ts';
import type { SelectFileInput } from './select-file.ts';
import type { SelectLinesInput } from './select-lines.ts';

/** An engine that is ready for one question. */
export interface ReadyEngine {
  /** What answers of the lake say of themselves; undefined for the archive. */
  facts: LakeFacts | undefined;
  gather(input: SqlQuery & { limit: number; maxBytes: number }, asker: SqlAsker): Promise<GatheredRead>;
  stream(input: SelectLinesInput, asker: SqlAsker): Promise<ReadStream>;
  file(input: SelectFileInput, asker: SqlAsker): Promise<ReadStream>;
}

/** Why a question can't name the engine `lake`: the end of a sentence that begins with the name of the field. */
export const NO_LAKE_HERE =
  'can only be archive here, because no lake is configured: set SSM_ARCHIVE_LAKE to the folder or bucket of the lake';

/** Likewise, why a question can't name the engine `archive`. */
export const NO_ARCHIVE_HERE = 'can only be lake here, because this server has a lake and no archive';

/**
 * Returns an engine that is ready. Rejects with SqlFault if there is no such engine here, and with SealedUnreadable if the
 * lake can't be read.
 */
export async function readyEngine(
  deps: Pick<SqlDeps, 'pool' | 'memoryBytes' | 'lake'>,
  engine: SqlEngine,
): Promise<ReadyEngine> {
  if (engine === 'archive') {
    const { pool, memoryBytes } = deps;
    if (!pool) throw new SqlFault(NO_ARCHIVE_HERE, { kind: 'engine' });
    return {
      facts: undefined,
      gather: (input, asker) => gatherSql({ pool, memoryBytes }, input, asker),
      stream: (input, asker) => streamSql({ pool, memoryBytes }, input, asker),
      file: (input, asker) => fileSql({ pool, memoryBytes }, input, asker),
    };
  }
  if (deps.lake === undefined) throw new SqlFault(NO_LAKE_HERE, { kind: 'engine' });
  const { pool, ready } = deps.lake;
  const { facts, of } = await ready().catch((error: unknown) => {
    throw inWords(error);
  });
  return {
    facts,
    gather: (input, asker) => gatherSql({ ...deps, pool }, { ...input, ...of }, asker),
    stream: (input, asker) => streamSql({ ...deps, pool }, { ...input, ...of }, asker),
    // The lake has all days, so it does not matter which rows the answer needs.
    file: ({ needs, ...input }, asker) => fileSql({ ...deps, pool }, { ...input, ...of, facts }, asker),
  };
}

/** A fault of the machine's own setting is one of the engine; all others say that the lake can't be read now. */
function inWords(error: unknown): unknown {
  if (!(error instanceof UserFault)) return error;
  if (error.exitCode === 2) return new SqlFault(error.message, { kind: 'engine' }, { cause: error });
  return new SealedUnreadable(error.message, { cause: error });
}
