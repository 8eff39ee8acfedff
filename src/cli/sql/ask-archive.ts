import { text as readAsText } from 'node:stream/consumers';
import { SealedUnreadable } from '../../archive/sealed/sealed-unreadable.ts';
import { wholeFromNeeded } from '../../archive/sealed/whole-from.ts';
import type { Config } from '../../config/config.ts';
import { environmentOfLake } from '../../config/load-config.ts';
import { openArchiveReadOnly } from '../../db/open.ts';
import type { ReadMode } from '../../db/reading/connect-to-read.ts';
import { placeOfLake } from '../../lake/files/place-of-lake.ts';
import { describeViews } from '../../lake/sql/describe-views.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { createLogger } from '../../lib/logger.ts';
import { isFileFormat } from '../../lib/media-types.ts';
import { programPath } from '../../lib/process/program-path.ts';
import { ReaderFailed, ReaderLost, ReadTimedOut } from '../../processes/pool/errors.ts';
import { createLakeSql, type LakeSql, type LakeSqlOptions } from '../../processes/sql/create-lake-sql.ts';
import { createSqlPool } from '../../processes/sql/create-sql-pool.ts';
import { readyEngine } from '../../processes/sql/ready-engine.ts';
import { parseSqlAnswer } from '../../questions/sql/parse-sql-answer.ts';
import { USUAL_ENGINE } from '../../questions/sql/sql-engine.ts';
import { SqlFault } from '../../questions/sql/sql-fault.ts';
import { bytes, duration } from '../text/format.ts';
import type { SqlAnswerer, SqlQuestion } from './answerer.ts';
import { describeFault, describePlan } from './describe-fault.ts';

interface AskOptions {
  config: Config;
  /** The longest time that a question may take, if that is longer than in the settings. */
  timeoutMs: number | undefined;
  /** The greatest width of a fault's text, in columns. */
  width: number;
}

/** Answers SQL from the archive file itself, in a process with limits, as a server does. Throws UserFault. */
export function askArchive({ config, timeoutMs = 0, width }: AskOptions): SqlAnswerer {
  // If the file is not an archive of this version, this throws an error that says how it can be read.
  const archive = openArchiveReadOnly(config.db);
  const bounds = {
    ...{ archivePath: config.db, readers: 1, memoryBytes: config.sqlMemoryBytes },
    longestMs: Math.max(config.sqlDeadlineMs, config.exportDeadlineMs, timeoutMs),
    // Every failure is an error that the caller prints.
    log: createLogger('silent'),
  };
  const pool = createSqlPool({
    program: { path: programPath('sql-reader'), mode: archive.mode },
    ...bounds,
  });
  const lake = lakeSqlOf(config, archive.mode, bounds);
  const engines = { pool, lake, memoryBytes: config.sqlMemoryBytes };
  const askedFor = (question: SqlQuestion, otherwiseMs: number) => ({
    caller: 'local',
    deadlineMs: question.timeoutMs ?? otherwiseMs,
  });
  const wholeFromOf = ({ needs }: SqlQuestion) => wholeFromNeeded(archive.sqlite, needs);
  return {
    async gather(question) {
      const { sql, params, limit } = question;
      const input = { sql, params, limit, maxBytes: config.sqlBytes };
      try {
        const { facts, gather } = await readyEngine(engines, question.engine ?? USUAL_ENGINE);
        const gathered = await gather(input, askedFor(question, config.sqlDeadlineMs));
        const answer = parseSqlAnswer(
          'bytes' in gathered ? Buffer.from(gathered.bytes).toString() : await readAsText(gathered.body),
        );
        return { ...answer, ...(facts ? { lake: facts } : { wholeFrom: wholeFromOf(question) }) };
      } catch (error) {
        throw explain(error, sql, config, width);
      }
    },
    async stream(question, format, csvForm) {
      const { sql, params, needs } = question;
      const options = askedFor(question, config.exportDeadlineMs);
      try {
        const { facts, stream, file } = await readyEngine(engines, question.engine ?? USUAL_ENGINE);
        const { body, rows } = isFileFormat(format)
          ? await file({ sql, params, format, needs }, options)
          : await stream({ sql, params, format, csvForm }, options);
        return {
          rows,
          body: explained(body, (error) => explain(error, sql, config, width)),
          wholeFrom: facts ? undefined : wholeFromOf(question),
          lake: facts,
        };
      } catch (error) {
        throw explain(error, sql, config, width);
      }
    },
    async close() {
      await Promise.all([pool.close(), lake?.close()]);
      archive.close();
    },
    isUnlocked: archive.mode === 'immutable',
    confirm: archive.confirm,
  };
}

function lakeSqlOf(
  config: Config,
  mode: ReadMode,
  bounds: Omit<LakeSqlOptions, 'programs' | 'describe'>,
): LakeSql | undefined {
  const lake = placeOfLake(config, environmentOfLake(config));
  if (lake === undefined) return undefined;
  const programs = {
    sql: { path: programPath('lake-sql-reader') },
    copier: { path: programPath('lake-copier'), mode, lake },
  };
  return createLakeSql({ ...bounds, programs, describe: describeViews });
}

async function* explained(body: AsyncIterable<Uint8Array>, explainError: (error: unknown) => unknown) {
  try {
    yield* body;
  } catch (error) {
    throw explainError(error);
  }
}

/** Turns the pool's error into one that the caller prints. */
function explain(error: unknown, sql: string, config: Config, width: number): unknown {
  if (error instanceof SqlFault && error.data.kind === 'engine')
    return new UserFault(`--lake: ${error.message}`, { exitCode: 2, cause: error });
  if (error instanceof SealedUnreadable) return new UserFault(error.message, { cause: error });
  if (error instanceof SqlFault && error.data.kind !== 'memory')
    return new UserFault(describeFault(sql, error, width), { exitCode: 2, cause: error });
  if (error instanceof SqlFault || error instanceof ReaderLost) {
    const most = `${bytes(config.sqlMemoryBytes)} (SSM_ARCHIVE_SQL_MEMORY_BYTES)`;
    const also = error instanceof ReaderLost ? ', or too much processor time,' : '';
    const sentence = `The query needed more than the ${most} of memory${also} that a query may use. Ask for fewer rows or shorter texts.`;
    return new UserFault(sentence, { cause: error });
  }
  if (error instanceof ReadTimedOut) {
    const sentence = `The query took longer than ${duration(error.deadlineMs)} and was ended; --timeout gives it more time.`;
    const plan = planOf(error.note);
    return new UserFault([sentence, ...(plan ? describePlan(plan) : [])], { cause: error });
  }
  if (error instanceof ReaderFailed)
    return new UserFault(`${error.message} Run "ssm-archive doctor" to find out what is wrong.`, { cause: error });
  return error;
}

function planOf(note: unknown): string[] | undefined {
  return Array.isArray(note) && note.length > 0 ? note.map(String) : undefined;
}
