import type { LakeView, ViewTable } from '../hot/lake-view.ts';
import { fromFiles } from '../read/from-files.ts';

/** The name of the table with the invocations of sealed days that the archive has itself. No query may name it. */
const HOT_IDS = 'hot_ids';

/** The views that are made of other views. */
export const MADE_VIEWS = ['plugin_runs'] as const;

/** Returns the SQL that makes the views of SQL over the lake. */
export function viewStatements({ tables, hotIds }: LakeView): string[] {
  return [
    ...(hotIds === null ? [] : [`CREATE VIEW ${HOT_IDS} AS SELECT id FROM ${fromFiles([hotIds])}`]),
    ...tables.map((table) => viewOf(table, hotIds !== null)),
    PLUGIN_RUNS,
  ];
}

/** Rows of the archive itself win: a sealed row is left out if the archive has its invocation. */
function viewOf({ name, columns, hot, sealed }: ViewTable, hasHotIds: boolean): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const own = `SELECT * FROM ${fromFiles(hot)}`;
  if (sealed.length === 0) return `CREATE VIEW ${name} AS SELECT ${names} FROM (${own})`;
  const key = name === 'invocations' ? 'id' : 'invocation_id';
  const without = hasHotIds ? ` s ANTI JOIN ${HOT_IDS} h ON s.${key} = h.id` : '';
  const rest = `SELECT * FROM ${fromFiles(sealed)}${without}`;
  return `CREATE VIEW ${name} AS SELECT ${names} FROM (${own} UNION ALL BY NAME ${rest})`;
}

/**
 * The view of that name as SQLite has it, without `output_id`. What says of which invocation a step is comes from the
 * step, so that a condition on it leaves out files of steps too.
 */
const PLUGIN_RUNS = `CREATE VIEW plugin_runs AS
SELECT p.invocation_id, p.account_id, p.region, p.command_id, p.instance_id, i.instance_name, i.comment,
  p.document_name, i.document_version, p.requested_at,
  i.status AS invocation_status, i.status_details AS invocation_status_details,
  i.trace_output, i.standard_output_url, i.standard_error_url, i.service_role, i.notification_arn,
  i.notification_events_json, i.notification_type, i.cloudwatch_log_group, i.is_cloudwatch_output_enabled,
  i.first_seen_at, i.changed_at,
  p."position", p.name AS plugin_name, p.status, p.status_details, p.response_code, p.started_at, p.finished_at,
  CASE WHEN p.is_skipped IS DISTINCT FROM 1 AND p.started_at > '1970-01-01T00:00:00.000Z' AND p.finished_at >= p.started_at
    THEN epoch_ms(TRY_CAST(p.finished_at AS TIMESTAMP)) - epoch_ms(TRY_CAST(p.started_at AS TIMESTAMP)) END AS duration_ms,
  p.output,
  CAST(strlen(p.output) >= 2500 OR strlen(p.output) >= 2390 AND (
    ends_with(p.output, '---Output truncated---') OR ends_with(p.output, '---Error truncated----')
    OR contains(p.output, '---Output truncated---' || chr(10) || '----------ERROR-------' || chr(10))) AS BIGINT)
    AS is_output_truncated,
  p.standard_output_url AS plugin_standard_output_url, p.standard_error_url AS plugin_standard_error_url,
  p.output_s3_region, p.output_s3_bucket_name, p.output_s3_key_prefix, p.is_output_pruned, p.is_skipped
FROM plugins p JOIN invocations i ON i.id = p.invocation_id`;
