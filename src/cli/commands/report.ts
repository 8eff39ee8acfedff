import type { Command } from '@commander-js/extra-typings';
import { loadConfig, loadToken } from '../../config/load-config.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { bindReport } from '../../questions/reports/bind-report.ts';
import type { Report } from '../../questions/reports/report.ts';
import { sayUnseen } from '../../questions/say-unseen.ts';
import type { SqlAnswer } from '../../questions/sql/sql-answer.ts';
import { TIME_HELP } from '../../questions/time/read-time.ts';
import { enginesOfReport } from '../../reports/engines-of-report.ts';
import { ReportNotFound } from '../../reports/errors.ts';
import { findReport } from '../../reports/find-report.ts';
import { listReports } from '../../reports/list-reports.ts';
import { toSqlParams } from '../../reports/to-sql-params.ts';
import { neededByReport } from '../../reports/whole-from-of-report.ts';
import { findOwnFiles } from '../archive/own-files.ts';
import { collected } from '../options/collected.ts';
import { readingContext } from '../questions/reading-context.ts';
import { tellReport } from '../questions/tell-report.ts';
import { addAnswerOptions } from '../sql/answer-options.ts';
import type { SqlQuestion } from '../sql/answerer.ts';
import { fetchReports } from '../sql/fetch-reports.ts';
import { parseServerUrl, parseToken } from '../sql/parse-server.ts';
import { createQuestionRunner, wrongCall } from '../sql/run-question.ts';
import type { Terminal } from '../terminal.ts';
import { table } from '../text/format.ts';
import { addReportCheck } from './report-check.ts';

const HELP = `
Without a name the command lists the reports: those that ship, those of archive.yaml, and saved ones. ENGINES says \
which engines are known to run the SQL of each. Of your own, "report check --portable" shows whether the lake does.
${TIME_HELP}

Exit codes: 0 done, 1 the report failed (time, memory, the archive, the server), 2 the call is wrong.`;

interface Options {
  url?: string | undefined;
  token?: string | undefined;
}

/** `report`: runs a named query on the archive file or on a server. Without a name it lists the reports. */
export function addReport(program: Command, terminal: Terminal): void {
  const command = program
    .command('report')
    .description('run a report, or list the reports; docs/reports.md describes those that ship')
    .argument('[name]', 'the report')
    .option('--param <name=value>', 'a parameter of the report; may be given again', collected)
    .option('--describe', 'show the report’s parameters and its SQL');
  addAnswerOptions(command, 'report')
    .addHelpText('after', HELP)
    .action(async (name, options) => {
      if (options.token !== undefined && options.url === undefined)
        throw wrongCall('--token is for a server: give its address by --url.');
      if (name === undefined) {
        if (options.param || options.describe)
          throw wrongCall('Name the report: without a name, this command only lists the reports.');
        terminal.out(listed(await reportsOf(options, terminal), terminal.outWidth));
        return;
      }
      if (options.describe) {
        terminal.out(described(await reportOf(options, name, terminal)));
        return;
      }
      const run = createQuestionRunner(options, terminal);
      const { question, tell } = await questionOf(options, name, parseValues(options.param ?? []));
      await run(question, tell);
    });
  const given = () =>
    command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  addReportCheck(command.command('check'), terminal, { depsOf, given });
}

function reportsOf({ url, token }: Options, terminal: Terminal): Promise<Report[]> {
  if (url !== undefined) return fetchReports(parseServerUrl(url), parseToken(token ?? loadToken()), terminal.warn);
  return listReports(depsOf());
}

async function reportOf(options: Options, name: string, terminal: Terminal): Promise<Report> {
  if (options.url === undefined) return findReport(depsOf(), name);
  const reports = await reportsOf(options, terminal);
  const report = reports.find((each) => each.name === name);
  if (!report)
    throw new ReportNotFound(
      name,
      reports.map((each) => each.name),
    );
  return report;
}

/**
 * A server gets the report's name. For an archive file, the report's SQL is run here, with the values checked first.
 */
async function questionOf(
  { url }: Options,
  name: string,
  values: Record<string, string>,
): Promise<{
  question: Pick<SqlQuestion, 'sql' | 'engine' | 'params' | 'report' | 'needs'>;
  tell: (shown: Shown) => string[];
}> {
  if (url !== undefined)
    return { question: { sql: '', params: {}, report: { name, values } }, tell: ({ answer }) => toldByServer(answer) };
  const report = await findReport(depsOf(), name);
  const { config } = loadConfig(faultOfSchedule);
  const bound = bindReport(report, values, new Date(), readingContext(config, new Date()).statuses);
  const params = toSqlParams(bound);
  return {
    question: {
      sql: report.sql,
      engine: report.engine,
      params,
      needs: neededByReport(report, params),
    },
    tell: ({ rows }) => (rows === null ? [] : tellReport(config, { report, values: bound, rows })),
  };
}

interface Shown {
  rows: number | null;
  answer?: SqlAnswer;
}

function toldByServer(answer: SqlAnswer | undefined): string[] {
  return (answer?.neverSeen ?? []).map((value) => sayUnseen(`--param ${value.parameter}`, value));
}

function depsOf() {
  const { config, release } = findOwnFiles(loadConfig(faultOfSchedule), ['reportsFile']);
  release();
  return { configured: config.reports, reportsFile: config.reportsFile };
}

function parseValues(given: readonly string[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const text of given) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(0, at)).replace(/^:/, '');
    if (name === '') throw wrongCall(`--param must be name=value, not "${text}".`);
    if (values.has(name)) throw wrongCall(`--param ${name} is given twice.`);
    values.set(name, text.slice(at + 1));
  }
  return Object.fromEntries(values);
}

function listed(reports: readonly Report[], width: number): string[] {
  const rows = reports.map((report) => [
    report.name,
    report.parameters.map((parameter) => parameter.name + (parameter.default === undefined ? '' : '?')).join(' '),
    enginesOfReport(report).join(', '),
    report.description,
  ]);
  return table(['REPORT', 'PARAMETERS', 'ENGINES', 'WHAT IT ANSWERS'], rows, width);
}

function described(report: Report): string[] {
  const { name, description, parameters, sql } = report;
  const lines = parameters.map(({ name: own, type, description: about, default: otherwise, filter }) => {
    const of = filter === undefined ? type : `${type}, a value of ${filter}`;
    const unless = otherwise === undefined ? 'needed' : `${JSON.stringify(otherwise)} unless given`;
    return `  ${own} (${of}, ${unless}): ${about}`;
  });
  // A description may be broken over lines in YAML, and becomes one line again. SQL keeps its lines, so that it can be
  // copied.
  return [
    ...[name, description.trim().replace(/\s+/g, ' '), ...lines, ...sentenceOfLake(report)],
    ...['', ...sql.trim().split(/\r?\n/)],
  ];
}

function sentenceOfLake({ engine, inLake }: Report): string[] {
  if (engine === 'lake') return ['  The lake runs it.'];
  if (inLake === undefined) return [];
  if (inLake === 'same')
    return ['  Its SQL is portable: with engine: lake it gives the same answer, over sealed days too.'];
  return [`  Its SQL is for the archive alone: it needs ${inLake.needs}.`];
}
