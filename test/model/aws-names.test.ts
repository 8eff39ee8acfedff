import type {
  CloudWatchOutputConfig,
  Command,
  CommandInvocation,
  CommandPlugin,
  NotificationConfig,
} from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { partsOfName } from '../../src/model/member-row.ts';
import {
  COMMAND_MEMBERS,
  INVOCATION_MEMBERS,
  type MemberList,
  membersOf,
  STEP_MEMBERS,
} from '../../src/model/members.ts';
import { SECRET_MEMBERS } from '../../src/model/secret-members.ts';

/** Exactly the names that the SDK's types have. The compiler checks that none is missing and none is added. */
type Names<Shape> = Readonly<Record<keyof Shape & string, true>>;

const NOTIFICATION: Names<NotificationConfig> = {
  NotificationArn: true,
  NotificationEvents: true,
  NotificationType: true,
};
const CLOUDWATCH: Names<CloudWatchOutputConfig> = { CloudWatchLogGroupName: true, CloudWatchOutputEnabled: true };
const INNER = { NotificationConfig: NOTIFICATION, CloudWatchOutputConfig: CLOUDWATCH };

const OF_INVOCATION: Names<Omit<CommandInvocation, 'CommandId' | 'InstanceId' | 'CommandPlugins'>> = {
  InstanceName: true,
  Comment: true,
  DocumentName: true,
  DocumentVersion: true,
  RequestedDateTime: true,
  Status: true,
  StatusDetails: true,
  TraceOutput: true,
  StandardOutputUrl: true,
  StandardErrorUrl: true,
  ServiceRole: true,
  NotificationConfig: true,
  CloudWatchOutputConfig: true,
};
const OF_STEP: Names<CommandPlugin> = {
  Name: true,
  Status: true,
  StatusDetails: true,
  ResponseCode: true,
  ResponseStartDateTime: true,
  ResponseFinishDateTime: true,
  Output: true,
  StandardOutputUrl: true,
  StandardErrorUrl: true,
  OutputS3Region: true,
  OutputS3BucketName: true,
  OutputS3KeyPrefix: true,
};
/** The members of a command that are kept in `other_members_json`. */
type WithoutColumn = 'AlarmConfiguration' | 'TriggeredAlarms';
const OF_COMMAND: Names<Omit<Command, 'CommandId' | WithoutColumn>> = {
  DocumentName: true,
  DocumentVersion: true,
  Comment: true,
  ExpiresAfter: true,
  Parameters: true,
  InstanceIds: true,
  Targets: true,
  RequestedDateTime: true,
  Status: true,
  StatusDetails: true,
  OutputS3Region: true,
  OutputS3BucketName: true,
  OutputS3KeyPrefix: true,
  MaxConcurrency: true,
  MaxErrors: true,
  TargetCount: true,
  CompletedCount: true,
  ErrorCount: true,
  DeliveryTimedOutCount: true,
  ServiceRole: true,
  NotificationConfig: true,
  CloudWatchOutputConfig: true,
  TimeoutSeconds: true,
};

/** The paths of AWS's names. The path of an inner name includes the outer name. */
function pathsOf(names: Readonly<Record<string, true>>): string[] {
  const inner: Readonly<Record<string, Readonly<Record<string, true>>>> = INNER;
  return Object.keys(names)
    .flatMap((name) => (inner[name] ? Object.keys(inner[name]).map((own) => `${name}.${own}`) : [name]))
    .sort();
}

describe('the list of members', () => {
  it.each<[string, MemberList, Readonly<Record<string, true>>]>([
    ['an invocation', INVOCATION_MEMBERS, OF_INVOCATION],
    ['a step', STEP_MEMBERS, OF_STEP],
    ['a command', COMMAND_MEMBERS, OF_COMMAND],
  ])("contains each member of %s that AWS's SDK knows, under the same name", (_what, list, names) => {
    expect(
      membersOf(list)
        .map(({ aws }) => aws)
        .sort(),
    ).toEqual(pathsOf(names));
  });

  it.each([INVOCATION_MEMBERS, STEP_MEMBERS, COMMAND_MEMBERS])('has no column and no AWS name twice', (list) => {
    const members: readonly { aws: string; column: string }[] = membersOf(list);
    expect(new Set(members.map(({ column }) => column)).size).toBe(members.length);
    expect(new Set(members.map(({ aws }) => aws)).size).toBe(members.length);
  });

  // Verification computes the entries of every archive again, with this list. Adding or removing a name would make
  // existing entries wrong.
  it('treats the same members as secret as all earlier versions', () => {
    expect(SECRET_MEMBERS).toEqual([
      ...['CloudWatchLogGroupName', 'Comment', 'InstanceName', 'NotificationArn', 'Output', 'OutputS3BucketName'],
      ...['OutputS3KeyPrefix', 'ServiceRole', 'StandardErrorUrl', 'StandardOutputUrl', 'TraceOutput'],
    ]);
    const secret = new Set<string>(SECRET_MEMBERS);
    // A commitment replaces members by their own names, wherever they are. So both lists must agree.
    for (const list of [INVOCATION_MEMBERS, STEP_MEMBERS])
      for (const member of membersOf(list)) expect(secret.has(partsOfName(member.aws).own)).toBe('isSecret' in member);
  });
});
