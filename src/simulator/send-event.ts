import { arn } from '../http/aws/arn.ts';
import type { Scope } from '../http/aws/command-history.ts';
import type { CommandRecord } from '../http/aws/records.ts';
import { fraction, keyOfText, mix, pickByShare } from './draw.ts';

interface Sender {
  readonly share: number;
  readonly role?: string;
  /** The name of the session, or of the user. */
  readonly name: string;
  readonly userAgent: string;
  readonly isMfaAuthenticated: boolean;
}

const CONSOLE = 'AWS Internal';
const PIPELINE = 'Boto3/1.40.4 md/Botocore#1.40.4 ua/2.1 os/linux lang/python#3.12.3';
const ADMIN = 'AWSReservedSSO_Operations_0123456789abcdef';

const SENDERS: readonly [Sender, ...Sender[]] = [
  { share: 40, role: 'FleetMaintenance', name: 'patch-runner', userAgent: PIPELINE, isMfaAuthenticated: false },
  { share: 20, role: ADMIN, name: 'ada@example.com', userAgent: CONSOLE, isMfaAuthenticated: true },
  { share: 15, role: ADMIN, name: 'grace@example.com', userAgent: CONSOLE, isMfaAuthenticated: true },
  { share: 20, role: 'Deployment', name: 'GitHubActions', userAgent: PIPELINE, isMfaAuthenticated: false },
  { share: 5, name: 'break-glass', userAgent: 'aws-cli/2.31.2 os/linux', isMfaAuthenticated: false },
];

/** Returns the CloudTrail event of the SendCommand that made a command; the same each time. */
export function sendEvent(scope: Scope, command: CommandRecord): object {
  const key = keyOfText(`send/${command.CommandId}`);
  const sender = pickByShare(SENDERS, fraction(key, 1));
  return {
    eventVersion: '1.11',
    userIdentity: identityOf(scope, sender),
    eventTime: new Date((command.RequestedDateTime ?? 0) * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: 'ssm.amazonaws.com',
    eventName: 'SendCommand',
    awsRegion: scope.region,
    sourceIPAddress: `198.51.100.${1 + (mix(key, 2) % 254)}`,
    userAgent: sender.userAgent,
    requestParameters: { documentName: command.DocumentName, interactive: false },
    responseElements: {
      command: { commandId: command.CommandId, documentName: command.DocumentName, comment: command.Comment },
    },
    requestID: uuidOf(key, 10),
    eventID: uuidOf(key, 20),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: scope.accountId,
    eventCategory: 'Management',
  };
}

function identityOf(scope: Scope, { role, name, isMfaAuthenticated }: Sender): object {
  const { accountId } = scope;
  const attributes = { creationDate: '2026-01-01T00:00:00Z', mfaAuthenticated: String(isMfaAuthenticated) };
  if (role === undefined) {
    return {
      ...{ type: 'IAMUser', principalId: 'AIDAEXAMPLEEXAMPLE001', arn: arn(scope, 'iam', `user/${name}`), accountId },
      ...{ userName: name, sessionContext: { attributes } },
    };
  }
  const roleId = 'AROAEXAMPLEEXAMPLE001';
  return {
    ...{ type: 'AssumedRole', principalId: `${roleId}:${name}`, accountId },
    arn: arn(scope, 'sts', `assumed-role/${role}/${name}`),
    sessionContext: {
      sessionIssuer: {
        ...{ type: 'Role', principalId: roleId, arn: arn(scope, 'iam', `role/${role}`), accountId, userName: role },
      },
      attributes,
    },
  };
}

function uuidOf(key: number, salt: number): string {
  const hex = [0, 1, 2, 3]
    .map((n) =>
      mix(key, salt + n)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
}
