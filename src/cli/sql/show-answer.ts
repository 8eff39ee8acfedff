import type { CsvForm } from '../../lib/csv/csv.ts';
import { FILE_FORMATS, isFileFormat } from '../../lib/media-types.ts';
import { exitCodeOf, onStopSignal } from '../../lib/process/stop-signals.ts';
import { sayLake } from '../../questions/say-lake.ts';
import { sayWholeFrom } from '../../questions/say-whole-from.ts';
import type { SqlAnswer } from '../../questions/sql/sql-answer.ts';
import { showWaiting, type Waiting } from '../display/show-waiting.ts';
import type { Terminal } from '../terminal.ts';
import { bytes, counted, duration } from '../text/format.ts';
import type { Line } from '../text/line.ts';
import type { SqlAnswerer, SqlQuestion, StreamFormat } from './answerer.ts';
import { createRowCounter } from './count-rows.ts';
import { jsonLines } from './json-lines.ts';
import { markdownLines } from './markdown-lines.ts';
import { tableLines } from './table-lines.ts';

export const SQL_FORMATS = ['table', 'json', 'csv', 'ndjson', 'markdown', ...FILE_FORMATS] as const;
export type SqlFormat = (typeof SQL_FORMATS)[number];

interface ShowDeps {
  terminal: Terminal;
  answerer: SqlAnswerer;
  /** The clock, in milliseconds; it must never go back. */
  now: () => number;
}

interface Form {
  format: SqlFormat;
  csvForm: CsvForm;
}

/** Whether a form has all rows, written as they are read. */
export function isStreamed(format: SqlFormat): format is StreamFormat {
  return format === 'csv' || format === 'ndjson' || isFileFormat(format);
}

/**
 * Asks, and writes the answer in the wanted form. Writes the number of rows and the time taken to standard error.
 * Returns the number of rows, which is null for a file of a server, and the answer if it was not streamed.
 */
export async function showAnswer(
  deps: ShowDeps,
  question: SqlQuestion,
  { format, csvForm }: Form,
): Promise<{ rows: number | null; answer?: SqlAnswer }> {
  const { terminal, now } = deps;
  const waiting = showWaiting(terminal, now);
  const release = endOnSignal(terminal, waiting);
  try {
    if (isStreamed(format)) {
      const startedAt = now();
      const { rows, size, ...said } = await writeStream(deps, question, waiting, format, csvForm);
      waiting.end();
      const what = rows === null ? bytes(size) : counted(rows, 'row');
      terminal.note([`${what} in ${elapsed(now() - startedAt)}.`, ...noteOf(said)]);
      return { rows };
    }
    const answer = await deps.answerer.gather(question);
    waiting.end();
    await terminal.outEach(linesOf(answer, format, terminal));
    terminal.note([summary(answer, question.limit), ...noteOf(answer)]);
    return { rows: answer.rows.length, answer };
  } finally {
    waiting.end();
    release();
  }
}

function linesOf(answer: SqlAnswer, format: 'table' | 'json' | 'markdown', terminal: Terminal): Iterable<Line> {
  if (format === 'json') return jsonLines(answer);
  return format === 'markdown' ? markdownLines(answer) : tableLines(answer, terminal.outWidth);
}

async function writeStream(
  { answerer, terminal }: ShowDeps,
  question: SqlQuestion,
  waiting: Waiting,
  format: StreamFormat,
  csvForm: CsvForm,
): Promise<{ rows: number | null; size: number } & Said> {
  const { body, rows: allRows, wholeFrom, lake } = await answerer.stream(question, format, csvForm);
  // Rows can't be counted by the bytes of a file of columns.
  const isFile = isFileFormat(format);
  const countRows = isFile ? () => 0 : createRowCounter(format);
  let rows = 0;
  let size = 0;
  const counting = async function* () {
    for await (const chunk of body) {
      const more = countRows(chunk);
      rows += more;
      size += chunk.length;
      waiting.add(more);
      yield chunk;
    }
  };
  // If standard output and standard error are the same terminal, rows and a bar would be mixed.
  if (Number.isFinite(terminal.outWidth)) waiting.end();
  await terminal.data(counting(), isFile ? 'binary' : format);
  return { rows: isFile ? allRows() : rows, size, wholeFrom, lake };
}

type Said = Pick<SqlAnswer, 'wholeFrom' | 'lake'>;

/** The line that says what the rows are of, or from which day on they are whole. */
function noteOf({ wholeFrom, lake }: Said): string[] {
  if (lake !== undefined) return [sayLake(lake)];
  return wholeFrom === undefined ? [] : [sayWholeFrom(wholeFrom)];
}

function summary({ rows, isTruncated, elapsedMs }: SqlAnswer, limit: number): string {
  const time = elapsed(elapsedMs);
  if (!isTruncated) return `${counted(rows.length, 'row')} in ${time}.`;
  const bound = rows.length < limit ? 'than the bytes of an answer allow (SSM_ARCHIVE_SQL_BYTES)' : 'than --limit';
  return `The first ${counted(rows.length, 'row')} in ${time}; there are more ${bound}. --format csv or ndjson has all.`;
}

function elapsed(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}

/** Ctrl-C and every other stop signal end the process at once, and the query ends with it. */
function endOnSignal(terminal: Terminal, waiting: Waiting): () => void {
  return onStopSignal((name) => {
    waiting.end();
    terminal.note(['', 'The query was ended.']);
    process.exit(exitCodeOf(name));
  });
}
