import { mkdir } from 'node:fs/promises';
import { readPosition } from '../archive/read-position.ts';
import { bindReport } from '../lib/bind-report.ts';
import type { ParameterValue } from '../lib/parameter-value.ts';
import type { ReportDelivery } from '../lib/report.ts';
import type { Now } from '../lib/time.ts';
import type { SqlPool } from '../readers/create-sql-pool.ts';
import { createDeliveryFile, type FileFacts } from './create-delivery-file.ts';
import type { FileOwner } from './delivery-names.ts';
import { findReport } from './find-report.ts';
import type { ReportsDeps } from './reports-deps.ts';
import { toSqlParams } from './to-sql-params.ts';

export interface DeliverReportDeps {
  reports: ReportsDeps;
  pool: SqlPool;
  /** A read-only connection, which tells up to where the archive was written. */
  archive: Parameters<typeof readPosition>[0];
  now: Now;
  /** How long it may take to be written, waiting for its turn included. */
  deadlineMs: number;
  owner: FileOwner;
}

export interface DeliveredReport extends FileFacts {
  rows: number;
}

/** All deliveries take turns with those who ask over HTTP as one caller does. */
const CALLER = 'scheduled reports';

/**
 * Writes a report into its folder, which is made where it is missing: the rows, and beside them what was asked, with
 * which values, when, and of which state of the archive. Both are whole, or neither is there. Throws ReportNotFound,
 * ReportValuesInvalid, and what reading and writing throw; the signal gives it up with ReadAborted.
 */
export async function deliverReport(
  deps: DeliverReportDeps,
  delivery: ReportDelivery,
  signal: AbortSignal,
): Promise<DeliveredReport> {
  const { pool, archive, now, deadlineMs, owner } = deps;
  const { directory, format, for: reader } = delivery;
  const startedAt = now();
  const report = await findReport(deps.reports, delivery.report);
  const { name, description, sql } = report;
  const values = bindReport(report, delivery.values, startedAt);
  await mkdir(directory, { recursive: true });
  const file = await createDeliveryFile(delivery, startedAt, owner);
  try {
    const { version, ...position } = readPosition(archive);
    const input = { sql, params: toSqlParams(values), format, csvForm: reader ?? 'safe' } as const;
    const { body, rows } = await pool.stream('selectLines', input, { caller: CALLER, deadlineMs, signal, key: sql });
    // The query has begun: if nothing was recorded until now, it sees exactly what the position says.
    const isExact = readPosition(archive).version === version;
    for await (const chunk of body) await file.add(chunk);
    const count = rows() ?? 0;
    const facts = await file.finish(({ file: written, ...more }) => ({
      ...{ file: written, report: name, description, sql, parameters: plain(values), format, for: reader },
      ...{ startedAt: startedAt.toISOString(), finishedAt: now().toISOString(), rows: count, ...more },
      archive: { ...position, isExact },
    }));
    return { ...facts, rows: count };
  } finally {
    await file.discard();
  }
}

/** As JSON has them: a whole number that a double can't hold stands as text. */
function plain(values: Readonly<Record<string, ParameterValue>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'bigint') return [name, value];
      return [name, Number.isSafeInteger(Number(value)) ? Number(value) : String(value)];
    }),
  );
}
