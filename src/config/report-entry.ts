import { resolve } from 'node:path';
import { z } from 'zod';
import { bindReport, ReportValuesInvalid } from '../questions/reports/bind-report.ts';
import { DELIVERY_FORMATS, DELIVERY_READERS, type Report, type ReportDelivery } from '../questions/reports/report.ts';
import { checkSql, reportMembers } from '../questions/reports/report-form.ts';
import type { ConfigFault } from './config-invalid.ts';

/** The time from which relative times count. Any time works, because here we only check that values can be read. */
const ANY_TIME = new Date('2026-01-01T00:00:00.000Z');

/**
 * An entry of `reports` in archive.yaml: a report, possibly with a schedule; or only the schedule of a report that is
 * defined elsewhere, such as one that ships with ssm-archive.
 */
export const reportEntry = z
  .strictObject({
    name: reportMembers.name,
    description: reportMembers.description.exactOptional(),
    sql: reportMembers.sql.exactOptional(),
    engine: reportMembers.engine,
    parameters: reportMembers.parameters.exactOptional(),
    schedule: z.string('must be a cron expression').exactOptional(),
    directory: z.string('must be a path').min(1, 'must be a path').exactOptional(),
    format: z.enum(DELIVERY_FORMATS).exactOptional(),
    for: z.enum(DELIVERY_READERS).exactOptional(),
    values: z.record(z.string(), z.string('must be text')).exactOptional(),
  })
  .superRefine((entry, context) => {
    const fault = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
    if (entry.schedule === undefined) {
      for (const key of ['directory', 'format', 'for', 'values'] as const) {
        if (entry[key] !== undefined) fault(key, 'has no effect without a schedule');
      }
    } else if (entry.directory === undefined) fault('directory', 'is needed with a schedule: the folder to write to');
    if (entry.for !== undefined && (entry.format ?? 'csv') !== 'csv')
      fault('for', 'works only with csv: leave format out');
    if (isOnlySchedule(entry)) return;
    const report = reportOf(entry);
    if (entry.description === undefined) fault('description', 'is needed: a sentence');
    if (entry.sql === undefined) fault('sql', 'is needed: one SELECT');
    else checkSql(report, context);
    if (entry.schedule === undefined) return;
    for (const { field, message } of faultsOfValues(report, entry.values ?? {})) {
      context.addIssue({ code: 'custom', path: ['values', field], message });
    }
  });

type ReportEntry = z.output<typeof reportEntry>;

/**
 * Returns the reports that the entries define, and the reports that they schedule. A report that is only scheduled here
 * may be a saved one, so whether it exists is checked later.
 */
export function readReports(
  entries: readonly ReportEntry[],
  { cwd, faultOfSchedule }: { cwd: string; faultOfSchedule(expression: string): string | undefined },
): { reports: Report[]; deliveries: ReportDelivery[]; faults: ConfigFault[] } {
  const reports = new Map<string, Report>();
  const deliveries: ReportDelivery[] = [];
  const faults: ConfigFault[] = [];
  for (const [i, entry] of entries.entries()) {
    if (!isOnlySchedule(entry)) {
      if (reports.has(entry.name)) {
        const problem = `"${entry.name}" is already the name of an earlier report; each report needs its own name`;
        faults.push({ key: `reports[${i}].name`, problem });
      }
      reports.set(entry.name, reportOf(entry));
    }
    const { name, schedule, directory, format = 'csv', for: reader, values = {} } = entry;
    if (schedule === undefined || directory === undefined) continue;
    const problem = faultOfSchedule(schedule);
    if (problem) faults.push({ key: `reports[${i}].schedule`, problem });
    deliveries.push({
      report: name,
      schedule,
      directory: resolve(cwd, directory),
      format,
      ...(reader && { for: reader }),
      values,
    });
  }
  return { reports: [...reports.values()], deliveries, faults };
}

function isOnlySchedule({ schedule, description, sql, engine, parameters }: ReportEntry): boolean {
  const defined = [description, sql, engine, parameters];
  return schedule !== undefined && defined.every((member) => member === undefined);
}

function reportOf({ name, description = '', sql = '', engine, parameters = [] }: ReportEntry): Report {
  return { name, description, sql, ...(engine && { engine }), parameters };
}

function faultsOfValues(report: Report, values: Record<string, string>): ReportValuesInvalid['faults'] {
  try {
    bindReport(report, values, ANY_TIME);
    return [];
  } catch (error) {
    if (error instanceof ReportValuesInvalid) return error.faults;
    throw error;
  }
}
