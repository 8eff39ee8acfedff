import { loadConfig, loadToken } from '../../config/load-config.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { isFileFormat } from '../../lib/media-types.ts';
import type { SqlAnswer } from '../../questions/sql/sql-answer.ts';
import { holdBack } from '../display/hold-back.ts';
import { wholeNumber } from '../options/whole-number.ts';
import type { Terminal } from '../terminal.ts';
import type { SqlAnswerer, SqlQuestion } from './answerer.ts';
import { askArchive } from './ask-archive.ts';
import { askServer } from './ask-server.ts';
import { parseServerUrl, parseToken } from './parse-server.ts';
import { isStreamed, type SqlFormat, showAnswer } from './show-answer.ts';

export const DEFAULT_ROWS = 1000;
/** The values of `--for`, which says who reads the csv. Without `--for`, csv is written for programs. */
export const READERS = ['spreadsheet'] as const;
export const READER_HELP = 'write csv so that spreadsheets show it right: for people, not for programs';
const MOST_ROWS = 10_000_000;
const LONGEST_S = 86_400;

/** The options that `sql` and `report` share, as they were typed. */
export interface AnswerOptions {
  format: SqlFormat;
  raw?: true | undefined;
  for?: 'spreadsheet' | undefined;
  limit?: string | undefined;
  timeout?: string | undefined;
  url?: string | undefined;
  token?: string | undefined;
}

/**
 * Checks the options, and returns the function that asks the archive file or the server and shows the answer. However
 * this process ends, its query ends too. Throws UserFault for options that can't be combined.
 */
export function createQuestionRunner(options: AnswerOptions, terminal: Terminal) {
  const { format, raw, for: reader, limit: rows, timeout } = options;
  if (isFileFormat(format) && Number.isFinite(terminal.outWidth))
    throw wrongCall(
      `--format ${format} writes a binary file, which a terminal can't show: write it into one, with > answer.${format} at the end.`,
    );
  if (isStreamed(format) && rows !== undefined)
    throw wrongCall(`--limit is not for ${format}, which has all rows: write LIMIT into the query.`);
  if (raw && format !== 'csv') throw wrongCall('--raw is only for --format csv.');
  if (reader !== undefined && format !== 'csv') throw wrongCall('--for spreadsheet is only for --format csv.');
  if (reader !== undefined && raw)
    throw wrongCall('--raw is for programs and --for spreadsheet for people: give one of them.');
  const csvForm = reader ?? (raw ? 'raw' : 'safe');
  const limit = wholeNumber('--limit', rows ?? String(DEFAULT_ROWS), MOST_ROWS, 1);
  const timeoutMs = timeout === undefined ? undefined : wholeNumber('--timeout', timeout, LONGEST_S, 1) * 1000;
  return async (
    question: Omit<SqlQuestion, 'limit' | 'timeoutMs'>,
    /** Returns further sentences about the answer, for standard error. */
    tell: (shown: { rows: number | null; answer?: SqlAnswer }) => string[] = () => [],
  ): Promise<void> => {
    const answerer = answererOf(options, timeoutMs, terminal);
    const closeAtExit = () => void answerer.close();
    process.once('exit', closeAtExit);
    const held = answerer.isUnlocked ? holdBack(terminal) : undefined;
    try {
      const saying = held?.terminal ?? terminal;
      const deps = { terminal: saying, answerer, now: () => performance.now() };
      const told = tell(await showAnswer(deps, { ...question, limit, timeoutMs }, { format, csvForm }));
      if (told.length > 0) saying.note(told);
    } finally {
      await answerer.close();
      process.off('exit', closeAtExit);
    }
    answerer.confirm?.();
    await held?.giveOut();
  };
}

function answererOf(
  { url, token }: AnswerOptions,
  timeoutMs: number | undefined,
  { noteWidth: width, warn }: Terminal,
): SqlAnswerer {
  if (url !== undefined)
    return askServer({
      ...{ url: parseServerUrl(url), token: parseToken(token ?? loadToken()), width },
      onSilence: warn,
    });
  if (token !== undefined) throw wrongCall('--token is for a server: give its address by --url.');
  return askArchive({ config: loadConfig(faultOfSchedule).config, timeoutMs, width });
}

/** Returns the error for a wrong call. */
export function wrongCall(sentence: string): UserFault {
  return new UserFault(sentence, { exitCode: 2 });
}
