import type { Database } from 'better-sqlite3';
import { IS_OUTPUT_TRUNCATED } from '../db/is-output-truncated.ts';
import { prepareOnce } from '../db/prepare-once.ts';
import { STEP_DURATION_MS } from '../db/step-duration.ts';
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
  /** An output was kept, and was removed since. */
  isOutputPruned: boolean;
  /** Whether the agent passed it over, as its output says; null where that was pruned before the archive told. */
  isSkipped: boolean | null;
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

/** An invocation as INVOCATION_COLUMNS give it. */
export type InvocationRow = Omit<InvocationView, 'notificationEvents' | 'isCloudwatchOutputEnabled' | 'plugins'> & {
  notificationEvents: string | null;
  isCloudwatchOutputEnabled: number | null;
};
type PluginRow = Omit<PluginView, 'isOutputTruncated' | 'isOutputPruned' | 'isSkipped'> & {
  isOutputTruncated: number | null;
  isOutputPruned: number;
  isSkipped: number | null;
};

type Kind = 'text' | 'flag' | 'json';

/** The members of an invocation in the order in which they are shown, each with its column. */
export const INVOCATION_MEMBERS: readonly (readonly [member: string, column: string, kind: Kind])[] = [
  ['accountId', 'account_id', 'text'],
  ['region', 'region', 'text'],
  ['commandId', 'command_id', 'text'],
  ['instanceId', 'instance_id', 'text'],
  ['instanceName', 'instance_name', 'text'],
  ['comment', 'comment', 'text'],
  ['documentName', 'document_name', 'text'],
  ['documentVersion', 'document_version', 'text'],
  ['requestedAt', 'requested_at', 'text'],
  ['status', 'status', 'text'],
  ['statusDetails', 'status_details', 'text'],
  ['traceOutput', 'trace_output', 'text'],
  ['standardOutputUrl', 'standard_output_url', 'text'],
  ['standardErrorUrl', 'standard_error_url', 'text'],
  ['serviceRole', 'service_role', 'text'],
  ['notificationArn', 'notification_arn', 'text'],
  ['notificationEvents', 'notification_events_json', 'json'],
  ['notificationType', 'notification_type', 'text'],
  ['cloudwatchLogGroup', 'cloudwatch_log_group', 'text'],
  ['isCloudwatchOutputEnabled', 'is_cloudwatch_output_enabled', 'flag'],
  ['firstSeenAt', 'first_seen_at', 'text'],
  ['changedAt', 'changed_at', 'text'],
];

/** All of an invocation but its steps, in a SELECT from `i`. */
export const INVOCATION_COLUMNS = INVOCATION_MEMBERS.map(([member, column]) => `i.${column} AS ${member}`).join(', ');

/** The members of a step in the order in which they are shown, each with its SQL over `p` and its output `o`. */
export const PLUGIN_MEMBERS: readonly (readonly [member: string, sql: string, kind: Kind])[] = [
  ['position', 'p.position', 'text'],
  ['name', 'p.name', 'text'],
  ['status', 'p.status', 'text'],
  ['statusDetails', 'p.status_details', 'text'],
  ['responseCode', 'p.response_code', 'text'],
  ['startedAt', 'p.started_at', 'text'],
  ['finishedAt', 'p.finished_at', 'text'],
  ['durationMs', STEP_DURATION_MS, 'text'],
  ['outputSha256', 'CASE WHEN o.id IS NOT NULL THEN lower(hex(o.sha256)) END', 'text'],
  ['outputSizeBytes', 'o.size_bytes', 'text'],
  ['isOutputTruncated', `CASE WHEN o.id IS NOT NULL THEN ${IS_OUTPUT_TRUNCATED} END`, 'flag'],
  ['standardOutputUrl', 'p.standard_output_url', 'text'],
  ['standardErrorUrl', 'p.standard_error_url', 'text'],
  ['outputS3Region', 'p.output_s3_region', 'text'],
  ['outputS3BucketName', 'p.output_s3_bucket_name', 'text'],
  ['outputS3KeyPrefix', 'p.output_s3_key_prefix', 'text'],
  ['isOutputPruned', 'p.is_output_pruned', 'flag'],
  ['isSkipped', 'p.is_skipped', 'flag'],
];
export const OUTPUT_MEMBER = ['output', 'o.text', 'text'] as const;

const PLUGIN_COLUMNS = PLUGIN_MEMBERS.map(([member, sql]) => `${sql} AS ${member}`).join(', ');

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
  const complete = createInvocationCompleter(sqlite, tables, include);
  return (id) => {
    const row = read.get(id);
    if (!row) throw new Error(`The invocation ${id} is gone.`);
    return complete(id, row);
  };
}

/** As createInvocationReader, where the row is read already; the row becomes the view. */
export function createInvocationCompleter(
  sqlite: Database,
  tables: InvocationTables,
  include: Include,
): (id: number, row: InvocationRow) => InvocationView {
  const readPlugins = prepareOnce<[number], PluginRow>(
    sqlite,
    `SELECT ${PLUGIN_COLUMNS}${include === 'outputs' ? ', o.text AS output' : ''} FROM ${tables.plugins} p
       LEFT JOIN main.outputs o ON o.id = p.output_id WHERE p.invocation_id = ? ORDER BY p.position`,
  );
  return (id, row) => {
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
  return Object.assign(row, {
    isOutputTruncated: row.isOutputTruncated === null ? null : row.isOutputTruncated === 1,
    isOutputPruned: row.isOutputPruned === 1,
    isSkipped: row.isSkipped === null ? null : row.isSkipped === 1,
  });
}
