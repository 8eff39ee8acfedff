// The only list of the members that AWS sends for an invocation, a step and a command. These things are made from it,
// or the compiler checks them against it: types, the text of INSERT and SELECT, the members shown in lists, in CSV, by
// the API and by the AWS endpoint, the members compared by `verify` and in evidence packs, and the members that may be
// redacted. test/model/members.test.ts looks for each member in each of those places.
//
// To add a member, add its row here, its column in src/db, a migration, and its sentence in docs/schema.md, and decide
// whether the console's page shows it. `migrateArchive` fills the column from what the archive recorded before.

/** How a member is read from a reply, stored and shown. `list` and `object` are stored as JSON; `output` is a row of `outputs`. */
export type Kind = 'text' | 'integer' | 'flag' | 'time' | 'list' | 'object' | 'output';

export interface Member {
  /** AWS's name. A member inside another has a path, such as `NotificationConfig.NotificationArn`. */
  readonly aws: string;
  readonly column: string;
  readonly kind: Kind;
  /**
   * Whether the member's value may be secret. If so, an entry of the ledger has a commitment instead of the value, and
   * a pack can leave the value out. Never change this for a member that any archive has stored, because each
   * verification computes the entries again.
   */
  readonly isSecret?: true;
}

/** Members by their names in our rows and in the API, in the order in which they are shown. */
export type MemberList = Readonly<Record<string, Member>>;

export const INVOCATION_MEMBERS = {
  instanceName: { aws: 'InstanceName', column: 'instance_name', kind: 'text', isSecret: true },
  comment: { aws: 'Comment', column: 'comment', kind: 'text', isSecret: true },
  documentName: { aws: 'DocumentName', column: 'document_name', kind: 'text' },
  documentVersion: { aws: 'DocumentVersion', column: 'document_version', kind: 'text' },
  requestedAt: { aws: 'RequestedDateTime', column: 'requested_at', kind: 'time' },
  status: { aws: 'Status', column: 'status', kind: 'text' },
  statusDetails: { aws: 'StatusDetails', column: 'status_details', kind: 'text' },
  traceOutput: { aws: 'TraceOutput', column: 'trace_output', kind: 'text', isSecret: true },
  standardOutputUrl: { aws: 'StandardOutputUrl', column: 'standard_output_url', kind: 'text', isSecret: true },
  standardErrorUrl: { aws: 'StandardErrorUrl', column: 'standard_error_url', kind: 'text', isSecret: true },
  serviceRole: { aws: 'ServiceRole', column: 'service_role', kind: 'text', isSecret: true },
  notificationArn: {
    aws: 'NotificationConfig.NotificationArn',
    column: 'notification_arn',
    kind: 'text',
    isSecret: true,
  },
  notificationEvents: {
    aws: 'NotificationConfig.NotificationEvents',
    column: 'notification_events_json',
    kind: 'list',
  },
  notificationType: { aws: 'NotificationConfig.NotificationType', column: 'notification_type', kind: 'text' },
  cloudwatchLogGroup: {
    aws: 'CloudWatchOutputConfig.CloudWatchLogGroupName',
    column: 'cloudwatch_log_group',
    kind: 'text',
    isSecret: true,
  },
  isCloudwatchOutputEnabled: {
    aws: 'CloudWatchOutputConfig.CloudWatchOutputEnabled',
    column: 'is_cloudwatch_output_enabled',
    kind: 'flag',
  },
} as const satisfies MemberList;

export const STEP_MEMBERS = {
  name: { aws: 'Name', column: 'name', kind: 'text' },
  status: { aws: 'Status', column: 'status', kind: 'text' },
  statusDetails: { aws: 'StatusDetails', column: 'status_details', kind: 'text' },
  responseCode: { aws: 'ResponseCode', column: 'response_code', kind: 'integer' },
  startedAt: { aws: 'ResponseStartDateTime', column: 'started_at', kind: 'time' },
  finishedAt: { aws: 'ResponseFinishDateTime', column: 'finished_at', kind: 'time' },
  output: { aws: 'Output', column: 'output_id', kind: 'output', isSecret: true },
  standardOutputUrl: { aws: 'StandardOutputUrl', column: 'standard_output_url', kind: 'text', isSecret: true },
  standardErrorUrl: { aws: 'StandardErrorUrl', column: 'standard_error_url', kind: 'text', isSecret: true },
  outputS3Region: { aws: 'OutputS3Region', column: 'output_s3_region', kind: 'text' },
  outputS3BucketName: { aws: 'OutputS3BucketName', column: 'output_s3_bucket_name', kind: 'text', isSecret: true },
  outputS3KeyPrefix: { aws: 'OutputS3KeyPrefix', column: 'output_s3_key_prefix', kind: 'text', isSecret: true },
} as const satisfies MemberList;

/**
 * The members that ListCommands shows. All others are kept together in `other_members_json`, and an entry of the ledger
 * has a commitment instead of each.
 */
export const COMMAND_MEMBERS = {
  documentName: { aws: 'DocumentName', column: 'document_name', kind: 'text' },
  documentVersion: { aws: 'DocumentVersion', column: 'document_version', kind: 'text' },
  comment: { aws: 'Comment', column: 'comment', kind: 'text', isSecret: true },
  expiresAt: { aws: 'ExpiresAfter', column: 'expires_at', kind: 'time' },
  parameters: { aws: 'Parameters', column: 'parameters_json', kind: 'object', isSecret: true },
  instanceIds: { aws: 'InstanceIds', column: 'instance_ids_json', kind: 'list' },
  targets: { aws: 'Targets', column: 'targets_json', kind: 'list', isSecret: true },
  requestedAt: { aws: 'RequestedDateTime', column: 'requested_at', kind: 'time' },
  status: { aws: 'Status', column: 'status', kind: 'text' },
  statusDetails: { aws: 'StatusDetails', column: 'status_details', kind: 'text' },
  outputS3Region: { aws: 'OutputS3Region', column: 'output_s3_region', kind: 'text' },
  outputS3BucketName: { aws: 'OutputS3BucketName', column: 'output_s3_bucket_name', kind: 'text', isSecret: true },
  outputS3KeyPrefix: { aws: 'OutputS3KeyPrefix', column: 'output_s3_key_prefix', kind: 'text', isSecret: true },
  maxConcurrency: { aws: 'MaxConcurrency', column: 'max_concurrency', kind: 'text' },
  maxErrors: { aws: 'MaxErrors', column: 'max_errors', kind: 'text' },
  targetCount: { aws: 'TargetCount', column: 'target_count', kind: 'integer' },
  completedCount: { aws: 'CompletedCount', column: 'completed_count', kind: 'integer' },
  errorCount: { aws: 'ErrorCount', column: 'error_count', kind: 'integer' },
  deliveryTimedOutCount: { aws: 'DeliveryTimedOutCount', column: 'delivery_timed_out_count', kind: 'integer' },
  serviceRole: { aws: 'ServiceRole', column: 'service_role', kind: 'text', isSecret: true },
  notificationArn: {
    aws: 'NotificationConfig.NotificationArn',
    column: 'notification_arn',
    kind: 'text',
    isSecret: true,
  },
  notificationEvents: {
    aws: 'NotificationConfig.NotificationEvents',
    column: 'notification_events_json',
    kind: 'list',
  },
  notificationType: { aws: 'NotificationConfig.NotificationType', column: 'notification_type', kind: 'text' },
  cloudwatchLogGroup: {
    aws: 'CloudWatchOutputConfig.CloudWatchLogGroupName',
    column: 'cloudwatch_log_group',
    kind: 'text',
    isSecret: true,
  },
  isCloudwatchOutputEnabled: {
    aws: 'CloudWatchOutputConfig.CloudWatchOutputEnabled',
    column: 'is_cloudwatch_output_enabled',
    kind: 'flag',
  },
  timeoutSeconds: { aws: 'TimeoutSeconds', column: 'timeout_seconds', kind: 'integer' },
} as const satisfies MemberList;

/** A member with its name. */
export type NamedMember<List extends MemberList> = {
  [Name in keyof List & string]: List[Name] & { name: Name };
}[keyof List & string];

/** Returns the members of a list in its order, each with its name. */
export function membersOf<List extends MemberList>(list: List): readonly NamedMember<List>[];
export function membersOf(list: MemberList): readonly (Member & { name: string })[] {
  return Object.entries(list).map(([name, member]) => ({ ...member, name }));
}
