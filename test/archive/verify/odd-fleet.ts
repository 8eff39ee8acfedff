import type { CommandSender } from '../../../src/model/command-sender.ts';
import { type Members, rawInvocation, rawPlugin } from '../raw-invocation.ts';

export const SOURCES = [
  { accountId: '012345678901', region: 'eu-west-1' },
  { accountId: '998877665544', region: 'us-east-1' },
] as const;

/**
 * Texts that a file or a hash may confuse with others: an empty one, from all planes of Unicode, half a surrogate pair,
 * with NULs, with U+FFFD itself.
 */
const OUTPUTS = ['', 'done\n', '😀 é ẞ 漢\n', 'half \ud83d of it', 'a\0b\0', 'it had \ufffd in it', 'x'.repeat(3000)];

/**
 * Invocations as the service shows them at this hour. A third of the invocations change from one hour to the next. Each
 * has no, one or two steps.
 */
export function invocationsOf(count: number, hour: number): Members[] {
  return Array.from({ length: count }, (_, n) => {
    const changes = n % 3 === 0 ? hour : 0;
    const status = n % 3 === 0 && hour < 2 ? 'InProgress' : 'Success';
    const output = OUTPUTS[(n + changes) % OUTPUTS.length];
    const steps = [
      rawPlugin({ Output: output, Status: status, ResponseCode: changes, StandardErrorUrl: 'https://x/err' }),
      rawPlugin({ Name: 'second', Output: n % 4 === 0 ? `only of ${n}` : undefined, OutputS3BucketName: 'bucket' }),
    ];
    return rawInvocation({
      CommandId: `command-${n % 7}`,
      InstanceId: `i-${String(n).padStart(17, '0')}`,
      InstanceName: n % 5 === 0 ? undefined : `web 😀 ${n}`,
      Comment: n % 4 === 0 ? 'half \udc00' : 'as\0is',
      RequestedDateTime: 1_772_357_400 + n * 3600,
      Status: status,
      StatusDetails: status,
      TraceOutput: `trace ${n}`,
      CommandPlugins: steps.slice(0, n % 11 === 0 ? 0 : 2 - (n % 2)),
      NotificationConfig: { NotificationArn: 'arn', NotificationEvents: ['All'], NotificationType: 'Invocation' },
      CloudWatchOutputConfig: { CloudWatchLogGroupName: 'group', CloudWatchOutputEnabled: n % 2 === 0 },
      Unknown: { deep: [n, null, 'é'] },
    });
  });
}

/** The source of a command: the first one if its number is even, otherwise the second one. */
export function sourceOf({ CommandId }: Members): (typeof SOURCES)[number] {
  return SOURCES[Number(String(CommandId).slice('command-'.length)) % 2 === 0 ? 0 : 1];
}

/** A command as ListCommands shows it at this hour. */
export function rawCommand(n: number, hour: number): Members {
  return {
    CommandId: `command-${n}`,
    DocumentName: 'AWS-RunShellScript',
    DocumentVersion: '1',
    Comment: 'half \ud83d é',
    ExpiresAfter: 1_772_400_000,
    Parameters: { commands: ['uname -a', '😀'] },
    InstanceIds: ['i-1'],
    Targets: [{ Key: 'tag:a', Values: ['b'] }],
    RequestedDateTime: 1_772_357_400,
    Status: hour < 2 ? 'InProgress' : 'Success',
    StatusDetails: hour < 2 ? 'InProgress' : 'Success',
    OutputS3Region: 'eu-west-1',
    OutputS3BucketName: 'bucket',
    OutputS3KeyPrefix: 'prefix',
    MaxConcurrency: '50',
    MaxErrors: '0',
    TargetCount: 3,
    CompletedCount: hour,
    ErrorCount: 0,
    DeliveryTimedOutCount: 0,
    ServiceRole: 'role',
    NotificationConfig: { NotificationArn: 'arn', NotificationEvents: ['All'], NotificationType: 'Command' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: 'group', CloudWatchOutputEnabled: true },
    TimeoutSeconds: 3600,
    AlarmConfiguration: { Alarms: [] },
  };
}

export function sender(n: number): CommandSender {
  return {
    ...SOURCES[0],
    commandId: `command-${n * 2}`,
    eventId: `event-${n}`,
    eventAt: '2026-03-01T09:30:00.000Z',
    principalType: 'AssumedRole',
    principalArn: `arn:aws:sts::012345678901:assumed-role/ops/é${n}`,
    principalId: 'AROA:é',
    sessionIssuerArn: 'arn:aws:iam::012345678901:role/ops',
    invokedBy: 'events.amazonaws.com',
    sourceIpAddress: '192.0.2.1',
    userAgent: 'aws-cli/2',
    isMfaAuthenticated: 1,
  };
}
