import type { ReplyToRecord } from '../../src/archive/record/record-replies.ts';
import type { ArchiveDb } from '../../src/db/open.ts';
import { decodeStates } from '../../src/model/state-codec.ts';
import { observeInvocation } from '../../src/upstream/replies/observe-invocation.ts';

export type Members = Record<string, unknown>;

export const SOURCE = { accountId: '012345678901', region: 'eu-west-1' };
export const OBSERVED_AT = '2026-03-01T10:00:00.000Z';

/** A step as the service sends it. */
export function rawPlugin(members: Members = {}): Members {
  return {
    Name: 'runShellScript',
    Status: 'Success',
    StatusDetails: 'Success',
    ResponseCode: 0,
    ResponseStartDateTime: 1772357400.5,
    ResponseFinishDateTime: 1772357401,
    Output: 'done\n',
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    OutputS3Region: 'eu-west-1',
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
    ...members,
  };
}

/** An invocation as the service sends it. */
export function rawInvocation(members: Members = {}): Members {
  return {
    CommandId: '11111111-2222-4333-8444-555555555555',
    InstanceId: 'i-0123456789abcdef0',
    InstanceName: 'web-1',
    Comment: '',
    DocumentName: 'AWS-RunShellScript',
    DocumentVersion: '$DEFAULT',
    RequestedDateTime: 1772357400,
    Status: 'Success',
    StatusDetails: 'Success',
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    CommandPlugins: [rawPlugin()],
    ServiceRole: '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
    ...members,
  };
}

/** One reply for the source, with these invocations. */
export function page(raws: readonly unknown[], more: Partial<ReplyToRecord> = {}): ReplyToRecord {
  return { source: SOURCE, observed: raws.map(observeInvocation), observedAt: OBSERVED_AT, ...more };
}

export interface Revision {
  seq: number;
  invocation_id: number;
  observed_at: string;
  status: string | null;
  status_details: string | null;
  plugin_count: number;
  /** The canonical JSON, unpacked with the dictionary in the file itself. */
  json: string;
}

/** All revisions, oldest first, of one node or of all nodes. */
export function revisionsOf({ sqlite }: ArchiveDb, instanceId?: string): Revision[] {
  return sqlite
    .prepare<[string | null], Omit<Revision, 'json'> & { states: Buffer; bytes: Buffer; line: number }>(
      `SELECT seq, invocation_id, observed_at, r.status, r.status_details, plugin_count, states, bytes, line
         FROM revisions r JOIN revision_pages p ON p.id = page_id JOIN state_dictionaries d ON d.id = dictionary_id
         JOIN invocations i ON i.id = invocation_id
        WHERE instance_id = coalesce(?, instance_id) ORDER BY seq`,
    )
    .all(instanceId ?? null)
    .map(({ states, bytes, line, ...revision }) => ({ ...revision, json: decodeStates(states, bytes)[line] ?? '' }));
}

/** What the service sent, rebuilt from a revision. Outputs of steps are looked up by their digests. */
export function rebuild({ sqlite }: ArchiveDb, { json }: Revision): unknown {
  const find = sqlite.prepare<[Buffer], string>('SELECT text FROM outputs WHERE sha256 = ?').pluck();
  return JSON.parse(json, (key, value: unknown) => {
    if (key !== 'Output' || typeof value !== 'object' || value === null || !('sha256' in value)) return value;
    return find.get(Buffer.from(String(value.sha256), 'hex'));
  });
}
