import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { ArchiveDb } from '../../src/db/open.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';

type Row = Record<string, unknown>;

const INVOCATION = {
  command_id: 'CommandId',
  instance_id: 'InstanceId',
  instance_name: 'InstanceName',
  comment: 'Comment',
  document_name: 'DocumentName',
  document_version: 'DocumentVersion',
  status: 'Status',
  status_details: 'StatusDetails',
  trace_output: 'TraceOutput',
  standard_output_url: 'StandardOutputUrl',
  standard_error_url: 'StandardErrorUrl',
  service_role: 'ServiceRole',
};
const PLUGIN = {
  name: 'Name',
  status: 'Status',
  status_details: 'StatusDetails',
  response_code: 'ResponseCode',
  output: 'Output',
  standard_output_url: 'StandardOutputUrl',
  standard_error_url: 'StandardErrorUrl',
  output_s3_region: 'OutputS3Region',
  output_s3_bucket_name: 'OutputS3BucketName',
  output_s3_key_prefix: 'OutputS3KeyPrefix',
};

/** Expects the archive to hold what the service shows of one account and region, and nothing else, field by field. */
export function expectEqualToService(db: ArchiveDb, simulator: Simulator, accountId: string, region: string): number {
  const shown = [...simulator.truth(accountId, region)].map((record) =>
    expectedRow(JSON.parse(JSON.stringify(record))),
  );
  const kept = archivedRows(db, accountId, region);
  expect(kept.size).toBe(shown.length);
  expectRows(kept, shown);
  return shown.length;
}

/** Expects every invocation that the service shows to stand in the archive as shown; the archive may know older ones. */
export function expectHoldsService(db: ArchiveDb, simulator: Simulator, accountId: string, region: string): number {
  const shown = [...simulator.truth(accountId, region)].map((record) =>
    expectedRow(JSON.parse(JSON.stringify(record))),
  );
  const kept = archivedRows(db, accountId, region);
  expectRows(kept, shown);
  return shown.length;
}

/** As toEqual of each and stricter; that one takes most of the time with thousands of rows. */
function expectRows(kept: ReadonlyMap<string, Row>, shown: readonly Row[]): void {
  for (const row of shown) {
    const own = kept.get(`${row.command_id} ${row.instance_id}`);
    if (!isDeepStrictEqual(own, row)) expect(own).toEqual(row);
  }
}

function expectedRow(record: Row): Row {
  const notification = isRow(record.NotificationConfig) ? record.NotificationConfig : {};
  const cloudwatch = isRow(record.CloudWatchOutputConfig) ? record.CloudWatchOutputConfig : {};
  const plugins = Array.isArray(record.CommandPlugins) ? record.CommandPlugins : [];
  return {
    ...pick(record, INVOCATION),
    requested_at: iso(record.RequestedDateTime),
    notification_arn: notification.NotificationArn ?? null,
    notification_events_json: notification.NotificationEvents ? JSON.stringify(notification.NotificationEvents) : null,
    notification_type: notification.NotificationType ?? null,
    cloudwatch_log_group: cloudwatch.CloudWatchLogGroupName ?? null,
    is_cloudwatch_output_enabled:
      cloudwatch.CloudWatchOutputEnabled === undefined ? null : Number(cloudwatch.CloudWatchOutputEnabled),
    plugins: plugins.map((plugin: Row, position) => ({
      position,
      ...pick(plugin, PLUGIN),
      started_at: iso(plugin.ResponseStartDateTime),
      finished_at: iso(plugin.ResponseFinishDateTime),
    })),
  };
}

function archivedRows(db: ArchiveDb, accountId: string, region: string): Map<string, Row> {
  const steps = db.sqlite.prepare<unknown[], Row>(
    `SELECT position, name, status, status_details, response_code, text AS output, standard_output_url, standard_error_url,
            output_s3_region, output_s3_bucket_name, output_s3_key_prefix, started_at, finished_at
       FROM plugins LEFT JOIN outputs o ON o.id = output_id WHERE invocation_id = ? ORDER BY position`,
  );
  const rows = db.sqlite
    .prepare<unknown[], Row>('SELECT * FROM invocations WHERE account_id = ? AND region = ?')
    .all(accountId, region);
  return new Map(
    rows.map(({ id, account_id, region: _, first_seen_at, changed_at, fingerprint, ...row }) => [
      `${row.command_id} ${row.instance_id}`,
      { ...row, plugins: steps.all(id) },
    ]),
  );
}

function pick(from: Row, names: Record<string, string>): Row {
  return Object.fromEntries(Object.entries(names).map(([column, member]) => [column, from[member] ?? null]));
}

function iso(seconds: unknown): string | null {
  return typeof seconds === 'number' ? new Date(Math.round(seconds * 1000)).toISOString() : null;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}
