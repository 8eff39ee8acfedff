import { mkdir } from 'node:fs/promises';
import { saySpan } from '../../archive/coverage/say-span.ts';
import { readPosition } from '../../archive/file/read-position.ts';
import { explainReport } from '../../archive/values/explain-report.ts';
import type { Configured } from '../../archive/values/open-filter.ts';
import { statusValues } from '../../archive/values/status-values.ts';
import { isFileFormat } from '../../lib/media-types.ts';
import type { Now } from '../../lib/time.ts';
import type { SqlDeps } from '../../processes/sql/ask-sql.ts';
import { readyEngine } from '../../processes/sql/ready-engine.ts';
import { bindReport } from '../../questions/reports/bind-report.ts';
import type { ParameterValue } from '../../questions/reports/parameter-value.ts';
import type { ReportDelivery } from '../../questions/reports/report.ts';
import { sayLake } from '../../questions/say-lake.ts';
import { sayUnseen } from '../../questions/say-unseen.ts';
import { sayWholeFrom } from '../../questions/say-whole-from.ts';
import { USUAL_ENGINE } from '../../questions/sql/sql-engine.ts';
import { findReport } from '../find-report.ts';
import { reportQuestion } from '../report-question.ts';
import type { ReportsDeps } from '../reports-deps.ts';
import { toSqlParams } from '../to-sql-params.ts';
import { neededByReport, wholeFromOfReport } from '../whole-from-of-report.ts';
import { createDeliveryFile, type FileFacts } from './create-delivery-file.ts';
import type { FileOwner } from './delivery-names.ts';

export interface DeliverReportDeps {
  reports: ReportsDeps;
  /** The engines that run reports. */
  sql: Pick<SqlDeps, 'pool' | 'lake' | 'memoryBytes'>;
  /** A read-only connection. It shows how much was written to the archive. */
  archive: Parameters<typeof readPosition>[0];
  now: Now;
  /** Values that count as seen although nothing was collected for them yet. */
  configured: Configured;
  settlingMs: number;
  /** How long writing the report may take, including the wait for its turn. */
  deadlineMs: number;
  owner: FileOwner;
}

export interface DeliveredReport extends FileFacts {
  rows: number;
}

/** When readers are shared out, all deliveries together count as one caller, like a caller over HTTP. */
const CALLER = 'scheduled reports';

/**
 * Writes a report into its folder, which is made if it is missing: the rows, and a companion that says which report was
 * run, with which values, when, and over which state of the archive. Either both files are complete, or neither exists.
 * Throws ReportNotFound, ReportValuesInvalid, ReadAborted if the signal aborts, and the errors of reading and writing.
 */
export async function deliverReport(
  deps: DeliverReportDeps,
  delivery: ReportDelivery,
  signal: AbortSignal,
): Promise<DeliveredReport> {
  const { archive, now, deadlineMs, owner } = deps;
  const { directory, format, for: reader } = delivery;
  const startedAt = now();
  const report = await findReport(deps.reports, delivery.report);
  const { name, description, sql, engine = USUAL_ENGINE } = report;
  const values = bindReport(report, delivery.values, startedAt, () => statusValues(archive));
  await mkdir(directory, { recursive: true });
  const file = await createDeliveryFile(delivery, startedAt, owner);
  try {
    const { version, ...position } = readPosition(archive);
    const params = toSqlParams(values);
    const { facts: lake, stream, file: toFile } = await readyEngine(deps.sql, engine);
    const asker = { caller: CALLER, deadlineMs, signal };
    const { body, rows } = isFileFormat(format)
      ? await toFile({ sql, params, format, needs: neededByReport(report, params) }, asker)
      : await stream({ sql, params, format, csvForm: reader ?? 'safe' }, asker);
    // The query has begun: if nothing was recorded between the first position and this moment, the query sees exactly
    // the state of that position.
    const isExact = readPosition(archive).version === version;
    for await (const chunk of body) await file.add(chunk);
    const count = rows() ?? 0;
    const day = lake ? undefined : wholeFromOfReport(archive, report, params);
    const facts = await file.finish(({ file: written, ...more }) => ({
      ...{
        file: written,
        report: name,
        description,
        sql,
        ...(lake ?? { engine }),
        parameters: plain(values),
        format,
        for: reader,
      },
      ...{ startedAt: startedAt.toISOString(), finishedAt: now().toISOString(), rows: count, ...more },
      archive: { ...position, isExact },
      ...told(deps, reportQuestion(report, values, count), lake ? [sayLake(lake)] : [], day),
    }));
    return { ...facts, rows: count };
  } finally {
    await file.discard();
  }
}

/**
 * Returns the notes beside the rows of a delivery, because nobody watches it run: from which day they are whole, values
 * that were never seen, and, if there are no rows, how far the span is covered.
 */
function told(
  { archive, configured, settlingMs, now }: DeliverReportDeps,
  asked: ReturnType<typeof reportQuestion>,
  ofLake: readonly string[],
  wholeFrom: string | undefined,
): object {
  const whole = wholeFrom === undefined ? ofLake : [sayWholeFrom(wholeFrom)];
  if (asked === undefined)
    return { ...(wholeFrom !== undefined && { wholeFrom }), ...(whole.length > 0 && { notes: whole }) };
  const question = { ...asked, configured, settlingMs, nowMs: now().getTime() };
  const { unseen, coverage } = explainReport(archive, question);
  const neverSeen = unseen.flatMap(({ certainty, ...value }) => (certainty === 'never' ? [value] : []));
  const place = { account: asked.span?.accountId, region: asked.span?.region };
  const notes = [
    ...whole,
    ...neverSeen.map((value) => sayUnseen(value.parameter, value)),
    ...(coverage ? [saySpan(coverage, place)] : []),
  ];
  return {
    ...(neverSeen.length > 0 && { neverSeen }),
    ...(coverage && { coverage }),
    ...(wholeFrom !== undefined && { wholeFrom }),
    ...(notes.length > 0 && { notes }),
  };
}

/** Values as JSON can hold them: a whole number too large for a double becomes text. */
function plain(values: Readonly<Record<string, ParameterValue>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'bigint') return [name, value];
      return [name, Number.isSafeInteger(Number(value)) ? Number(value) : String(value)];
    }),
  );
}
