import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import SQLite from 'better-sqlite3';
import { z } from 'zod';
import { packageRoot } from '../../src/lib/process/package-root.ts';
import { DAY_MS, isoFromMs } from '../../src/lib/time.ts';
import { type Asked, ENGINES } from '../support/ask-engines.ts';
import { type Benchmark, type Goal, inMs, median, whole } from '../support/benchmark.ts';
import { daysOf } from '../support/days-of.ts';
import { drawInvocations } from '../support/draw-questions.ts';
import { fetchJson } from '../support/fetch-json.ts';
import { type Served, serveArchive } from '../support/serve-archive.ts';
import { startChild } from '../support/start-child.ts';

const INVOCATIONS = 1_000_000;
const FULL = { rounds: 5, times: 10 };
const SHORT = { rounds: 1, times: 2 };
const SHORT_DAYS = 3;
/** About a fifth of the steps with an output have it. */
const WORD = 'failed';
const MOST_ROWS = 100_000;
/** What is extrapolated: so many invocations, in the days of a year. */
const AT_LAST = { invocations: 1_000_000_000, days: 365 };

/** A question as each store is asked best. Both answer with the same rows. */
interface Question {
  lake: string;
  sqlite: string;
  /** The columns that the lake's files are read for. */
  reads: { table: 'invocations' | 'plugins'; columns: readonly string[] };
  atLeast?: number;
}
type Questions = Readonly<Record<string, Question>>;

const Answer = z.object({ rows: z.array(z.array(z.unknown())), truncated: z.boolean() });
const Sealed = z.object({ invocations: z.number(), bytes: z.number() });
const Repeated = z.object({ bytes: z.number(), seconds: z.number() });

/** SQL over sealed days, compared with SQLite over the same days unsealed; and engines that need no product. */
export const lakeSql: Benchmark = {
  name: 'lake-sql',
  about: 'SQL over sealed days, compared with SQLite; DuckDB, ClickHouse and Spark beside it; ten times as many rows',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const size = isShort ? SHORT : FULL;
    const before = await archiveOf(invocations, isShort ? SHORT_DAYS : undefined);
    const days = daysOf(before);
    const trial = { before, path: join(folder, 'sealed.db'), lake: join(folder, 'lake'), folder, days, ...size };
    copyFileSync(before, trial.path);
    const sealed = await seal(trial);
    say(`${whole(sealed.invocations)} invocations in ${days.length} sealed days of ${whole(sealed.bytes)} bytes`);
    const questions = questionsOf(before);
    const { goals, rows } = await askProduct(trial, questions, say);
    const texts = Object.values(questions).map(({ lake }) => lake);
    const expected = texts.map(() => [] as unknown[]);
    // A short run asks DuckDB alone: Spark takes longer to start than all of it, and test/engines asks the others.
    const engines = Object.entries(ENGINES).filter(([name]) => !isShort || name === 'DuckDB');
    for (const [name, { path, ask }] of engines) {
      if (path !== undefined && !existsSync(path)) {
        say(`${name}: not asked, because it is not installed; npm run test:engines installs it`);
        continue;
      }
      const small = await inRounds(ask, trial.lake, texts, trial);
      if (name === 'DuckDB') expected.splice(0, expected.length, ...small.answers);
      else compare(name, small.answers, expected);
      sayTimes(name, questions, small.seconds, say);
    }
    await askMany(trial, { questions, sealed: sealed.invocations, isShort }, say);
    return { goals, compared: { rows, what: 'rows of the answers' } };
  },
};

type Say = (line: string) => void;

interface Trial {
  /** The archive before its days were sealed, and after. */
  before: string;
  path: string;
  lake: string;
  folder: string;
  days: readonly string[];
  rounds: number;
  /** How many times as many rows the larger lakes have. */
  times: number;
}

async function seal({ path, lake, folder, days }: Trial) {
  const stager = join(packageRoot(), 'dist', 'stager.js');
  const sealer = await startChild(folder, 'seal-day', { path, lake, folder, stager });
  const sealed = await sealer.ask(days, Sealed);
  await sealer.end();
  return sealed;
}

/** Many rows summed, a word in all outputs, and few rows of one node. */
function questionsOf(before: string): Questions {
  const node = drawInvocations(before)[0]?.instance_id ?? '';
  const sums = `SELECT substr(requested_at, 1, 10) AS day, status, document_name, count(*) AS n FROM invocations
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  // LIKE finds only this case in the engines of a lake, and any case in SQLite; instr finds any case in ClickHouse.
  const word = (from: string, has: string) => `SELECT p.name, p.status, count(*) AS n FROM ${from}
    WHERE ${has} GROUP BY 1, 2 ORDER BY 1, 2`;
  const ofNode = `SELECT requested_at, command_id, document_name, status FROM invocations
    WHERE instance_id = '${node}' ORDER BY requested_at DESC, command_id LIMIT 50`;
  return {
    'a quarter by day, status and document': {
      ...{ lake: sums, sqlite: sums, atLeast: 4 },
      reads: { table: 'invocations', columns: ['requested_at', 'status', 'document_name'] },
    },
    'a word in all outputs': {
      lake: word('plugins p', `p.output LIKE '%${WORD}%'`),
      sqlite: word('plugins p JOIN outputs o ON o.id = p.output_id', `instr(o.text, '${WORD}') > 0`),
      reads: { table: 'plugins', columns: ['name', 'status', 'output'] },
    },
    "one node's newest 50": {
      ...{ lake: ofNode, sqlite: ofNode },
      reads: { table: 'invocations', columns: ['instance_id'] },
    },
  };
}

/** Asks the product by HTTP with the engine "lake", and SQLite in this process, alternately. */
async function askProduct(
  { path, before, lake, folder, rounds }: Trial,
  questions: Questions,
  say: Say,
): Promise<{ goals: Goal[]; rows: number }> {
  const settings = {
    SSM_ARCHIVE_LAKE: lake,
    SSM_ARCHIVE_SQL_DEADLINE_MS: '600000',
    SSM_ARCHIVE_SQL_MAX_ROWS: `${MOST_ROWS}`,
  };
  const served = await serveArchive(path, folder, undefined, settings);
  const sqlite = new SQLite(before, { readonly: true });
  const goals: Goal[] = [];
  let rows = 0;
  for (const [what, question] of Object.entries(questions)) {
    const [ours, rivals]: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds; round++) {
      const answered = await timed(() => askLake(served, question.lake));
      const rival = await timed(() => sqlite.prepare(question.sqlite).raw().all());
      compare(what, answered.result, rival.result);
      rows += rival.result.length;
      if (round === 0) continue;
      ours.push(answered.ms);
      rivals.push(rival.ms);
    }
    say(`${what}: engine "lake" over HTTP ${inMs(median(ours))}, SQLite in process ${inMs(median(rivals))}`);
    goals.push({
      what: `${what}: rate, divided by that of SQLite over the unsealed archive, median of ${rounds}`,
      figure: median(rivals) / median(ours),
      ...(question.atLeast !== undefined && { atLeast: question.atLeast }),
    });
  }
  sqlite.close();
  await served.end();
  return { goals, rows };
}

async function askLake({ url }: Served, sql: string): Promise<unknown[][]> {
  const link = `/v1/sql?${new URLSearchParams({ sql, engine: 'lake', limit: `${MOST_ROWS}` })}`;
  const { rows, truncated } = Answer.parse(await fetchJson(url + link));
  if (truncated) throw new Error('An answer was cut short.');
  return rows;
}

async function timed<T>(once: () => T | Promise<T>): Promise<{ result: T; ms: number }> {
  const begin = performance.now();
  const result = await once();
  return { result, ms: performance.now() - begin };
}

/** Asks an engine each question once, and then so many times more. Returns the medians of the later ones, in seconds. */
async function inRounds(
  ask: (lake: string, questions: readonly string[], folder: string) => Promise<Asked>,
  lake: string,
  texts: readonly string[],
  { folder, rounds }: Trial,
): Promise<Asked> {
  const all = Array.from({ length: rounds + 1 }, () => texts).flat();
  const { answers, seconds } = await ask(lake, all, folder);
  const later = (n: number) => seconds.filter((_, at) => at % texts.length === n && at >= texts.length);
  return { answers: answers.slice(0, texts.length), seconds: texts.map((_, n) => median(later(n))) };
}

function compare(what: string, ours: unknown, theirs: unknown): void {
  if (!isDeepStrictEqual(ours, theirs)) throw new Error(`${what}: the answers differ.`);
}

function sayTimes(name: string, questions: object, seconds: readonly number[], say: Say): void {
  const said = Object.keys(questions).map((what, n) => `${what} ${inMs(1000 * (seconds[n] ?? Number.NaN))}`);
  say(`${name} with the printed statements: ${said.join('; ')}`);
}

/**
 * Asks DuckDB over a year, which has the same files again under other days, and over days with many times the rows,
 * which are really made. What a row and a file cost follows from the three, and from these what a lake of many more
 * rows would cost.
 */
async function askMany(
  trial: Trial,
  { questions, sealed, isShort }: { questions: Questions; sealed: number; isShort: boolean },
  say: Say,
): Promise<void> {
  const { lake, folder, days, times } = trial;
  const year = join(folder, 'year');
  const files = linkDays(lake, year, days, isShort ? days.length + 1 : AT_LAST.days);
  const dense = join(folder, 'dense');
  const maker = await startChild(folder, 'repeat-days', { lake, to: dense, times });
  const made = await maker.ask(days, Repeated);
  await maker.end();
  say(
    `${whole(times * sealed)} invocations in as many days made in ${whole(made.seconds)} s: each row ${times} times, ${whole(made.bytes)} bytes`,
  );
  const texts = Object.values(questions).map(({ lake: sql }) => sql);
  const duckDb = ENGINES.DuckDB;
  if (duckDb === undefined) throw new Error('There is no DuckDB to ask.');
  const [small, wide, many] = [
    await inRounds(duckDb.ask, lake, texts, trial),
    await inRounds(duckDb.ask, year, texts, trial),
    await inRounds(duckDb.ask, dense, texts, trial),
  ];
  sayTimes(
    `DuckDB, ${whole((sealed / days.length) * files)} invocations in ${files} days,`,
    questions,
    wide.seconds,
    say,
  );
  sayTimes(`DuckDB, ${whole(times * sealed)} invocations in ${days.length} days,`, questions, many.seconds, say);
  // Repeated rows take fewer bytes than rows that differ, so sizes are those of the sealed days.
  const sizes = await duckDb.ask(
    lake,
    Object.values(questions).map((question) => sizeOf(lake, question)),
    folder,
  );
  Object.keys(questions).forEach((what, n) => {
    const at = ({ seconds }: Asked) => seconds[n] ?? Number.NaN;
    const row = (at(many) - at(small)) / ((times - 1) * sealed);
    const perDay = sealed / days.length;
    const file = (at(wide) - at(small)) / (files - days.length) - row * perDay;
    const fixed = at(small) - row * sealed - file * days.length;
    const last = fixed + row * AT_LAST.invocations + file * AT_LAST.days;
    const bytes = Number(sizes.answers[n]?.[0]?.[0]) / sealed;
    say(
      `${what}: ${(1e9 * row).toPrecision(3)} ns a row and ${(1e3 * file).toPrecision(3)} ms a day, so that ${whole(AT_LAST.invocations)} invocations in ${AT_LAST.days} days would take ${last.toPrecision(3)} s from memory; to read their columns, ${bytes.toPrecision(3)} bytes a row, is ${((bytes * AT_LAST.invocations) / 1e9).toPrecision(3)} GB`,
    );
  });
}

/** SQL that says how many bytes the columns have which a question reads. */
function sizeOf(lake: string, { reads: { table, columns } }: Question): string {
  return `SELECT sum(total_compressed_size) FROM parquet_metadata('${lake}/${table}/*/*.parquet')
    WHERE path_in_schema IN (${columns.map((column) => `'${column}'`).join(', ')})`;
}

/** Puts the files of the asked tables under so many days, again and again with later days. Returns how many there are. */
function linkDays(lake: string, into: string, days: readonly string[], most: number): number {
  const first = Date.parse(days[0] ?? '');
  for (let n = 0; n < most; n++) {
    const day = days[n % days.length] ?? '';
    const later = isoFromMs(first + n * DAY_MS).slice(0, 10);
    for (const table of ['invocations', 'plugins']) {
      const folder = join(into, table, `day=${later}`);
      mkdirSync(folder, { recursive: true });
      const from = join(lake, table, `day=${day}`);
      for (const name of readdirSync(from)) linkSync(join(from, name), join(folder, name));
    }
  }
  return most;
}
