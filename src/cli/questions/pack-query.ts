import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FILES } from '../../archive/evidence/evidence.ts';
import { wholeFrom } from '../../archive/sealed/whole-from.ts';
import type { AskedParameter } from '../../archive/values/find-unseen-parameters.ts';
import type { Config } from '../../config/config.ts';
import { bindReport } from '../../questions/reports/bind-report.ts';
import type { SqlParams } from '../../questions/sql/sql-values.ts';
import { askedParameters } from '../../reports/asked-parameters.ts';
import { findReport } from '../../reports/find-report.ts';
import { toSqlParams } from '../../reports/to-sql-params.ts';
import { wholeFromOfReport } from '../../reports/whole-from-of-report.ts';
import { askArchive } from '../sql/ask-archive.ts';
import { wrongCall } from '../sql/run-question.ts';
import type { Terminal } from '../terminal.ts';
import { readingContext } from './reading-context.ts';

/** The query whose rows go into an evidence pack. */
export interface PackSql {
  sql: string;
  params: SqlParams;
  /** Those parameters of the report whose filter has no fixed list of values. */
  parameters?: readonly AskedParameter[];
  /** The first day from which its rows are whole; undefined if nothing can be missing. */
  wholeFrom: (sqlite: Parameters<typeof wholeFrom>[0]) => string | undefined;
}

/** Returns the query of the options --sql or --report; undefined without them. */
export async function queryOfPack(
  config: Config,
  options: { sql?: string; report?: string; param?: string[] },
): Promise<PackSql | undefined> {
  if (options.sql !== undefined) return { sql: options.sql, params: {}, wholeFrom };
  if (options.report === undefined) return undefined;
  const report = await findReport({ configured: config.reports, reportsFile: config.reportsFile }, options.report);
  if (report.engine === 'lake')
    throw wrongCall(
      `The report "${report.name}" is of the lake. A pack proves the rows of a query by the archive's file: name a report of the archive.`,
    );
  const values = (options.param ?? []).map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw wrongCall(`--param must be name=value, not "${text}".`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  const { statuses } = readingContext(config, new Date());
  const bound = bindReport(report, Object.fromEntries(values), new Date(), statuses);
  const params = toSqlParams(bound);
  const parameters = askedParameters(report, bound);
  return { sql: report.sql, params, parameters, wholeFrom: (sqlite) => wholeFromOfReport(sqlite, report, params) };
}

/** Writes the rows of the query into the folder of the pack. */
export async function writeResult(
  config: Config,
  { sql, params }: PackSql,
  folder: string,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  const answerer = askArchive({ config, timeoutMs: undefined, width: terminal.noteWidth });
  // Ends the query when the command is stopped. Otherwise the query would run to its end.
  signal.addEventListener('abort', () => void answerer.close());
  try {
    const question = { sql, params, limit: 0, timeoutMs: undefined };
    for (const [format, name] of [
      ['csv', FILES.resultCsv],
      ['ndjson', FILES.resultRows],
    ] as const)
      await pipeline((await answerer.stream(question, format, 'safe')).body, createWriteStream(join(folder, name)));
  } finally {
    await answerer.close();
  }
}
