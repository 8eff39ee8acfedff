import type { Database } from 'better-sqlite3';
import { IS_SKIP_MESSAGE } from '../../db/skipped-sql.ts';
import { normalizeInvocation } from '../../model/normalize-invocation.ts';
import { asMembers, asText, type Members } from '../../model/read-member.ts';
import { digestOfOutput } from '../outputs-of-state.ts';
import { inexactColumns, isAmbiguous } from './inexact-columns.ts';

/** A revision's row, as far as it follows from its state. */
interface CheckedRevision {
  invocationId: number;
  commandId: string;
  instanceId: string;
  observedAt: string;
  status: string | null;
  statusDetails: string | null;
  pluginCount: number;
  fingerprint: Buffer | null;
  isFirst: 0 | 1;
  isLast: 0 | 1;
  /** Whether a tombstone says that its outputs were pruned. */
  isWithoutOutputs: boolean;
}

type Row = Readonly<Record<string, unknown>>;

const COLUMNS = `instance_name AS instanceName, comment, document_name AS documentName, document_version AS documentVersion,
  requested_at AS requestedAt, status, status_details AS statusDetails, trace_output AS traceOutput,
  standard_output_url AS standardOutputUrl, standard_error_url AS standardErrorUrl, service_role AS serviceRole,
  notification_arn AS notificationArn, notification_events_json AS notificationEventsJson, notification_type AS notificationType,
  cloudwatch_log_group AS cloudwatchLogGroup, is_cloudwatch_output_enabled AS isCloudwatchOutputEnabled`;
const PLUGIN_COLUMNS = `p.position, p.name, p.status, p.status_details AS statusDetails, p.response_code AS responseCode,
  p.started_at AS startedAt, p.finished_at AS finishedAt, iif(p.output_id IS NULL, NULL, lower(hex(o.sha256))) AS output, p.standard_output_url AS standardOutputUrl,
  p.standard_error_url AS standardErrorUrl, p.output_s3_region AS outputS3Region, p.output_s3_bucket_name AS outputS3BucketName,
  p.output_s3_key_prefix AS outputS3KeyPrefix, p.is_output_pruned AS isOutputPruned,
  p.is_skipped AS isSkipped, (${IS_SKIP_MESSAGE}) AS isSkipMessage`;

/**
 * Holds a revision's row to its state, its invocation's times to the first and the last of its revisions, and for the last one the
 * invocation and its steps to the state. Notes the SHA-256 of each output that the state names.
 */
export function createInvocationChecker(
  sqlite: Database,
): (row: CheckedRevision, state: string, found: { outputs: Set<string>; fault(what: string): void }) => void {
  const invocationOf = sqlite.prepare<[number], Row>(
    `SELECT ${COLUMNS}, first_seen_at AS firstSeenAt, changed_at AS changedAt, fingerprint FROM main.invocations WHERE id = ?`,
  );
  const pluginsOf = sqlite.prepare<[number], Row>(
    `SELECT ${PLUGIN_COLUMNS} FROM main.plugins p LEFT JOIN main.outputs o ON o.id = p.output_id WHERE p.invocation_id = ? ORDER BY p.position`,
  );

  return (row, state, { outputs, fault }) => {
    const members = membersOf(state);
    if (!members) {
      fault('its state is not JSON');
      return;
    }
    const { plugins, ...columns } = normalizeInvocation(members, digestOfOutput);
    if (!row.isWithoutOutputs) for (const { output } of plugins) if (output !== null) outputs.add(output);
    const identity = { commandId: asText(members.CommandId), instanceId: asText(members.InstanceId) };
    for (const name of differing(identity, { commandId: row.commandId, instanceId: row.instanceId }))
      fault(`its state is of another ${name}`);
    const own = { status: columns.status, statusDetails: columns.statusDetails, pluginCount: plugins.length };
    for (const name of differing(own, { ...row })) fault(`${columnOf(name)} of its row is not as in its state`);
    if (row.isFirst === 0 && row.isLast === 0) return;

    const present = invocationOf.get(row.invocationId);
    if (!present) return;
    if (row.isFirst === 1 && present.firstSeenAt !== row.observedAt) fault('invocations.first_seen_at is another time');
    if (row.isLast === 0) return;
    if (present.changedAt !== row.observedAt) fault('invocations.changed_at is another time');
    if (row.fingerprint && !row.fingerprint.equals(asBuffer(present.fingerprint)))
      fault('invocations.fingerprint differs');
    for (const name of differing(columns, present)) fault(`invocations.${columnOf(name)} is not as in its last state`);
    const steps = pluginsOf.all(row.invocationId);
    if (steps.length !== plugins.length)
      fault(`plugins has ${steps.length} steps of it, its last state ${plugins.length}`);
    const tellInexact = (table: string, key: Readonly<Record<string, unknown>>) => {
      for (const column of inexactColumns(sqlite, table, key)) fault(`${table}.${column} has bytes that are no UTF-8`);
    };
    // Half a character is an escape in the state, and U+FFFD in a column.
    const mayBeInexact = isAmbiguous(state) || state.includes('\\ud');
    if (mayBeInexact) tellInexact('invocations', { id: row.invocationId });
    plugins.forEach((plugin, position) => {
      const step = steps[position];
      if (!step) return;
      if (mayBeInexact) tellInexact('plugins', { invocation_id: row.invocationId, position: step.position });
      const isOutputPruned = row.isWithoutOutputs && plugin.output !== null;
      const output = isOutputPruned ? null : plugin.output;
      const isSkipped = skippedOf(plugin, isOutputPruned, step);
      for (const name of differing(
        { ...plugin, position, output, isOutputPruned: Number(isOutputPruned), isSkipped },
        step,
      ))
        fault(
          `plugins.${name === 'output' ? 'output_id' : columnOf(name)} of step ${position} is not as in its last state`,
        );
    });
  };
}

/** What is_skipped must be. An output that was pruned says nothing now: what stands there was said by it before. */
function skippedOf({ status, responseCode }: Row, isOutputPruned: boolean, { isSkipped, isSkipMessage }: Row): unknown {
  if (status !== 'Success' || responseCode !== 0) return 0;
  return isOutputPruned ? isSkipped : Number(isSkipMessage === 1);
}

/** The names of members that the other has otherwise. */
function differing(expected: Row, found: Row): string[] {
  return Object.keys(expected).filter((name) => expected[name] !== found[name]);
}

function columnOf(name: string): string {
  return name.replaceAll(/[A-Z0-9]+/g, (part) => `_${part.toLowerCase()}`).replace('cloud_watch', 'cloudwatch');
}

function membersOf(state: string): Members | undefined {
  try {
    return asMembers(JSON.parse(state));
  } catch {
    return undefined;
  }
}

function asBuffer(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}
