import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../db/prepare-once.ts';
import type { InvocationTables } from './invocation-filter.ts';

/** A step as it is shown. `output` only where it was asked for; null for a step that the service sent no output of. */
export interface PluginView {
  position: number;
  name: string | null;
  status: string | null;
  statusDetails: string | null;
  responseCode: number | null;
  startedAt: string | null;
  finishedAt: string | null;
  durationMs: number | null;
  outputSha256: string | null;
  outputSizeBytes: number | null;
  isOutputTruncated: boolean | null;
  standardOutputUrl: string | null;
  standardErrorUrl: string | null;
  outputS3Region: string | null;
  outputS3BucketName: string | null;
  outputS3KeyPrefix: string | null;
  output?: string | null;
}

/** An invocation as it is shown: the members that the service sent, and when the archive saw it. */
export interface InvocationView {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  instanceName: string | null;
  comment: string | null;
  documentName: string | null;
  documentVersion: string | null;
  requestedAt: string | null;
  status: string | null;
  statusDetails: string | null;
  traceOutput: string | null;
  standardOutputUrl: string | null;
  standardErrorUrl: string | null;
  serviceRole: string | null;
  notificationArn: string | null;
  notificationEvents: unknown[] | null;
  notificationType: string | null;
  cloudwatchLogGroup: string | null;
  isCloudwatchOutputEnabled: boolean | null;
  firstSeenAt: string;
  changedAt: string;
  plugins?: PluginView[];
}

export type Include = 'none' | 'plugins' | 'outputs';

type InvocationRow = Omit<InvocationView, 'notificationEvents' | 'isCloudwatchOutputEnabled' | 'plugins'> & {
  notificationEvents: string | null;
  isCloudwatchOutputEnabled: number | null;
};
type PluginRow = Omit<PluginView, 'isOutputTruncated'> & { isOutputTruncated: number | null };

const INVOCATION_COLUMNS = `i.account_id AS accountId, i.region, i.command_id AS commandId, i.instance_id AS instanceId,
  i.instance_name AS instanceName, i.comment, i.document_name AS documentName, i.document_version AS documentVersion,
  i.requested_at AS requestedAt, i.status, i.status_details AS statusDetails, i.trace_output AS traceOutput,
  i.standard_output_url AS standardOutputUrl, i.standard_error_url AS standardErrorUrl, i.service_role AS serviceRole,
  i.notification_arn AS notificationArn, i.notification_events_json AS notificationEvents,
  i.notification_type AS notificationType, i.cloudwatch_log_group AS cloudwatchLogGroup,
  i.is_cloudwatch_output_enabled AS isCloudwatchOutputEnabled, i.first_seen_at AS firstSeenAt, i.changed_at AS changedAt`;

/** In milliseconds; null where a step has not both of its times. */
export const DURATION_MS = `CASE WHEN p.started_at > '1970-01-01T00:00:00.000Z' AND p.finished_at > '1970-01-01T00:00:00.000Z'
  THEN CAST(round((julianday(p.finished_at) - julianday(p.started_at)) * 86400000) AS INTEGER) END`;
/** By the marks that the agent leaves where it cuts, or by the size at which it does. */
const IS_OUTPUT_TRUNCATED = `CASE WHEN o.id IS NOT NULL THEN o.size_bytes >= 2500
  OR instr(o.text, '---Output truncated---') > 0 OR instr(o.text, '---Error truncated---') > 0 END`;

const PLUGIN_COLUMNS = `p.position, p.name, p.status, p.status_details AS statusDetails, p.response_code AS responseCode,
  p.started_at AS startedAt, p.finished_at AS finishedAt, ${DURATION_MS} AS durationMs,
  CASE WHEN o.id IS NOT NULL THEN lower(hex(o.sha256)) END AS outputSha256, o.size_bytes AS outputSizeBytes, ${IS_OUTPUT_TRUNCATED} AS isOutputTruncated,
  p.standard_output_url AS standardOutputUrl, p.standard_error_url AS standardErrorUrl,
  p.output_s3_region AS outputS3Region, p.output_s3_bucket_name AS outputS3BucketName,
  p.output_s3_key_prefix AS outputS3KeyPrefix`;

/** Prepares the statements once and returns the verb: the invocation of an id, as these tables hold it. */
export function createInvocationReader(
  sqlite: Database,
  tables: InvocationTables,
  include: Include,
): (id: number) => InvocationView {
  const read = prepareOnce<[number], InvocationRow>(
    sqlite,
    `SELECT ${INVOCATION_COLUMNS} FROM ${tables.invocations} i WHERE i.id = ?`,
  );
  const readPlugins = prepareOnce<[number], PluginRow>(
    sqlite,
    `SELECT ${PLUGIN_COLUMNS}${include === 'outputs' ? ', o.text AS output' : ''} FROM ${tables.plugins} p
       LEFT JOIN main.outputs o ON o.id = p.output_id WHERE p.invocation_id = ? ORDER BY p.position`,
  );
  return (id) => {
    const row = read.get(id);
    if (!row) throw new Error(`The invocation ${id} is gone.`);
    const view = viewOf(row);
    if (include !== 'none') view.plugins = readPlugins.all(id).map(pluginOf);
    return view;
  };
}

function viewOf(row: InvocationRow): InvocationView {
  const { notificationEvents, isCloudwatchOutputEnabled } = row;
  return Object.assign(row, {
    notificationEvents: notificationEvents === null ? null : (JSON.parse(notificationEvents) as unknown[]),
    isCloudwatchOutputEnabled: isCloudwatchOutputEnabled === null ? null : isCloudwatchOutputEnabled === 1,
  });
}

function pluginOf(row: PluginRow): PluginView {
  return Object.assign(row, { isOutputTruncated: row.isOutputTruncated === null ? null : row.isOutputTruncated === 1 });
}
