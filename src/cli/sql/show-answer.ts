import type { CsvForm } from '../../lib/csv/csv.ts';
import { exitCodeOf, onStopSignal } from '../../lib/process/stop-signals.ts';
import { sayLake } from '../../questions/say-lake.ts';
import { sayWholeFrom } from '../../questions/say-whole-from.ts';
import type { SqlAnswer } from '../../questions/sql/sql-answer.ts';
import { showWaiting, type Waiting } from '../display/show-waiting.ts';
import type { Terminal } from '../terminal.ts';
import { counted, duration } from '../text/format.ts';
import type { Line } from '../text/line.ts';
import type { SqlAnswerer, SqlQuestion } from './answerer.ts';
import { createRowCounter } from './count-rows.ts';
import { jsonLines } from './json-lines.ts';
import { markdownLines } from './markdown-lines.ts';
import { tableLines } from './table-lines.ts';

export const SQL_FORMATS = ['table', 'json', 'csv', 'ndjson', 'markdown'] as const;
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

/**
 * Asks, and writes the answer in the wanted form. Writes the number of rows and the time taken to standard error.
 * Returns the number of rows and, if they were not streamed, the answer.
 */
export async function showAnswer(
  deps: ShowDeps,
  question: SqlQuestion,
  { format, csvForm }: Form,
): Promise<{ rows: number; answer?: SqlAnswer }> {
  const { terminal, now } = deps;
  const waiting = showWaiting(terminal, now);
  const release = endOnSignal(terminal, waiting);
  try {
    if (format === 'csv' || format === 'ndjson') {
      const startedAt = now();
      const { rows, ...said } = await writeStream(deps, question, waiting, format, csvForm);
      waiting.end();
      terminal.note([`${counted(rows, 'row')} in ${elapsed(now() - startedAt)}.`, ...noteOf(said)]);
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
  format: 'csv' | 'ndjson',
  csvForm: CsvForm,
): Promise<{ rows: number } & Said> {
  const { body, wholeFrom, lake } = await answerer.stream(question, format, csvForm);
  const countRows = createRowCounter(format);
  let rows = 0;
  const counting = async function* () {
    for await (const chunk of body) {
      const more = countRows(chunk);
      rows += more;
      waiting.add(more);
      yield chunk;
    }
  };
  // If standard output and standard error are the same terminal, rows and a bar would be mixed.
  if (Number.isFinite(terminal.outWidth)) waiting.end();
  await terminal.data(counting(), format);
  return { rows, wholeFrom, lake };
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
