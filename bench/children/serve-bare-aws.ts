import { createServer } from 'node:http';
import SQLite from 'better-sqlite3';
import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';

// The rival: node:http, bare better-sqlite3 and JSON.stringify, for the one listing that the benchmark asks for. It
// checks no signature and no parameter, and its token is only a position. It runs the query of ssm-archive, and sends
// the same rows and members.
const PAGE = 50;
const { path, accountId, region } = readInput(
  z.object({ path: z.string(), accountId: z.string(), region: z.string() }),
);
const sqlite = new SQLite(path, { readonly: true });

const COLUMNS = `i.id, i.command_id AS CommandId, i.instance_id AS InstanceId, i.instance_name AS InstanceName,
  i.comment AS Comment, i.document_name AS DocumentName, i.document_version AS DocumentVersion,
  i.requested_at AS RequestedDateTime, i.status AS Status, i.status_details AS StatusDetails,
  i.trace_output AS TraceOutput, i.standard_output_url AS StandardOutputUrl, i.standard_error_url AS StandardErrorUrl,
  i.service_role AS ServiceRole, i.notification_arn, i.notification_events_json, i.notification_type,
  i.cloudwatch_log_group, i.is_cloudwatch_output_enabled`;
const FROM = 'FROM invocations i WHERE i.account_id = ? AND i.region = ?';
const ORDER = 'ORDER BY i.requested_at DESC, i.command_id, i.instance_id LIMIT ?';
const first = sqlite.prepare<unknown[], Row>(`SELECT ${COLUMNS} ${FROM} ${ORDER}`);
const equals = sqlite.prepare<unknown[], Row>(
  `SELECT ${COLUMNS} ${FROM} AND i.requested_at = ? AND (i.command_id, i.instance_id) > (?, ?) ${ORDER}`,
);
const older = sqlite.prepare<unknown[], Row>(`SELECT ${COLUMNS} ${FROM} AND i.requested_at < ? ${ORDER}`);
const pluginsOf = sqlite.prepare<[number], Plugin>(
  `SELECT p.name AS Name, p.status AS Status, p.status_details AS StatusDetails, p.response_code AS ResponseCode,
     p.started_at AS ResponseStartDateTime, p.finished_at AS ResponseFinishDateTime, o.text AS Output,
     p.standard_output_url AS StandardOutputUrl, p.standard_error_url AS StandardErrorUrl,
     p.output_s3_region AS OutputS3Region, p.output_s3_bucket_name AS OutputS3BucketName,
     p.output_s3_key_prefix AS OutputS3KeyPrefix
   FROM plugins p LEFT JOIN outputs o ON o.id = p.output_id WHERE p.invocation_id = ? ORDER BY p.position`,
);

interface Row {
  id: number;
  CommandId: string;
  InstanceId: string;
  RequestedDateTime: string;
  TraceOutput: string | null;
  notification_arn: string | null;
  notification_events_json: string | null;
  notification_type: string | null;
  cloudwatch_log_group: string | null;
  is_cloudwatch_output_enabled: number | null;
}

interface Plugin {
  ResponseStartDateTime: string;
  ResponseFinishDateTime: string;
}

const Body = z.object({ NextToken: z.string().optional() });
const Place = z.tuple([z.string(), z.string(), z.string()]);

const read = sqlite.transaction((token: string | undefined) => {
  if (token === undefined) return first.all(accountId, region, PAGE + 1);
  const [at, ...ids] = Place.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  const same = equals.all(accountId, region, at, ...ids, PAGE + 1);
  return same.length > PAGE ? same : [...same, ...older.all(accountId, region, at, PAGE + 1 - same.length)];
});

function itemOf({ id, RequestedDateTime, TraceOutput, ...row }: Row) {
  const { notification_arn, notification_events_json, notification_type, ...rest } = row;
  const { cloudwatch_log_group, is_cloudwatch_output_enabled, ...members } = rest;
  return {
    ...members,
    ...(TraceOutput !== null && { TraceOutput }),
    RequestedDateTime: Date.parse(RequestedDateTime) / 1000,
    CommandPlugins: pluginsOf.all(id).map((plugin) =>
      Object.assign(plugin, {
        ResponseStartDateTime: Date.parse(plugin.ResponseStartDateTime) / 1000,
        ResponseFinishDateTime: Date.parse(plugin.ResponseFinishDateTime) / 1000,
      }),
    ),
    NotificationConfig: {
      NotificationArn: notification_arn,
      NotificationEvents: JSON.parse(notification_events_json ?? 'null'),
      NotificationType: notification_type,
    },
    CloudWatchOutputConfig: {
      CloudWatchLogGroupName: cloudwatch_log_group,
      CloudWatchOutputEnabled: is_cloudwatch_output_enabled === 1,
    },
  };
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { NextToken } = Body.parse(JSON.parse(Buffer.concat(chunks).toString()));
  const rows = read(NextToken);
  const last = rows[PAGE - 1];
  const place = last && Buffer.from(JSON.stringify([last.RequestedDateTime, last.CommandId, last.InstanceId]));
  const items = rows.slice(0, PAGE).map(itemOf);
  const token = rows.length > PAGE ? { NextToken: place?.toString('base64url') } : {};
  const body = JSON.stringify({ CommandInvocations: items, ...token });
  response.writeHead(200, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});

const port = await new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : 0);
  });
});

answerParent(() => ({ url: `http://127.0.0.1:${port}`, pid: process.pid }));
