import { createServer } from 'node:http';
import SQLite from 'better-sqlite3';
import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';

// The rival: node:http, bare better-sqlite3 and JSON.stringify, for the pages that the benchmark asks for and nothing else.
// No framework, no check of the parameters, no tokens, no access log; the same rows, the same members, in the same order.
const PAGE = 50;
const { path } = readInput(z.object({ path: z.string() }));
const sqlite = new SQLite(path, { readonly: true });

const COLUMNS = `i.id, i.account_id AS accountId, i.region, i.command_id AS commandId, i.instance_id AS instanceId,
  i.instance_name AS instanceName, i.comment, i.document_name AS documentName, i.document_version AS documentVersion,
  i.requested_at AS requestedAt, i.status, i.status_details AS statusDetails, i.trace_output AS traceOutput,
  i.standard_output_url AS standardOutputUrl, i.standard_error_url AS standardErrorUrl, i.service_role AS serviceRole,
  i.notification_arn AS notificationArn, i.notification_events_json AS notificationEvents,
  i.notification_type AS notificationType, i.cloudwatch_log_group AS cloudwatchLogGroup,
  i.is_cloudwatch_output_enabled AS isCloudwatchOutputEnabled, i.first_seen_at AS firstSeenAt, i.changed_at AS changedAt`;
const ORDER = `ORDER BY i.requested_at DESC, i.id DESC LIMIT ${PAGE + 1}`;

const newest = sqlite.prepare<[], InvocationRow>(`SELECT ${COLUMNS} FROM invocations i ${ORDER}`);
const ofInstance = sqlite.prepare<[string | null], InvocationRow>(
  `SELECT ${COLUMNS} FROM invocations i INDEXED BY invocations_instance WHERE i.instance_id = ? ${ORDER}`,
);
const pluginsOf = sqlite.prepare<[number], PluginRow>(
  `SELECT p.position, p.name, p.status, p.status_details AS statusDetails, p.response_code AS responseCode,
     p.started_at AS startedAt, p.finished_at AS finishedAt,
     CASE WHEN p.started_at > '1970-01-01T00:00:00.000Z' AND p.finished_at > '1970-01-01T00:00:00.000Z'
       THEN CAST(round((julianday(p.finished_at) - julianday(p.started_at)) * 86400000) AS INTEGER) END AS durationMs,
     CASE WHEN o.id IS NOT NULL THEN lower(hex(o.sha256)) END AS outputSha256, o.size_bytes AS outputSizeBytes,
     CASE WHEN o.id IS NOT NULL THEN o.size_bytes >= 2500 OR instr(o.text, '---Output truncated---') > 0
       OR instr(o.text, '---Error truncated---') > 0 END AS isOutputTruncated,
     p.standard_output_url AS standardOutputUrl, p.standard_error_url AS standardErrorUrl,
     p.output_s3_region AS outputS3Region, p.output_s3_bucket_name AS outputS3BucketName,
     p.output_s3_key_prefix AS outputS3KeyPrefix, o.text AS output
   FROM plugins p LEFT JOIN outputs o ON o.id = p.output_id WHERE p.invocation_id = ? ORDER BY p.position`,
);

interface InvocationRow {
  id: number;
  requestedAt: string | null;
  notificationEvents: string | null;
  isCloudwatchOutputEnabled: number | null;
}

interface PluginRow {
  isOutputTruncated: number | null;
}

// In one transaction: each statement by itself would take and leave the file's lock.
const read = sqlite.transaction((instanceId: string | null) => {
  const rows = instanceId === null ? newest.all() : ofInstance.all(instanceId);
  const items = rows.slice(0, PAGE).map(({ id, ...row }) => ({
    ...row,
    notificationEvents: row.notificationEvents === null ? null : JSON.parse(row.notificationEvents),
    isCloudwatchOutputEnabled: asFlag(row.isCloudwatchOutputEnabled),
    plugins: pluginsOf
      .all(id)
      .map((plugin) => Object.assign(plugin, { isOutputTruncated: asFlag(plugin.isOutputTruncated) })),
  }));
  return { rows, items };
});

const server = createServer((request, response) => {
  const instanceId = new URLSearchParams(request.url?.split('?')[1]).get('instanceId');
  const { rows, items } = read(instanceId);
  const last = rows[PAGE - 1];
  const cursor = last && Buffer.from(JSON.stringify([last.requestedAt, last.id])).toString('base64url');
  const body = JSON.stringify({ items, ...(rows.length > PAGE && { nextCursor: cursor }) });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
});

function asFlag(value: number | null): boolean | null {
  return value === null ? null : value === 1;
}

const port = await new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : 0);
  });
});

answerParent(() => ({ url: `http://127.0.0.1:${port}`, pid: process.pid }));
