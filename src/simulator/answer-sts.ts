import { arn } from '../http/aws/arn.ts';
import { type QueryReply, queryError, queryReply } from '../http/aws/query-reply.ts';
import type { Callers } from './create-callers.ts';
import { fraction, keyOfText } from './draw.ts';
import type { SimulatorFaults } from './faults.ts';

export interface StsRequest {
  readonly parameters: URLSearchParams;
  readonly accessKeyId: string;
  /** The region of the signature: it decides the partition of ARNs. */
  readonly region: string;
}

export interface StsContext {
  readonly callers: Callers;
  readonly faults: SimulatorFaults;
  /** External ids that roles of an account require. */
  readonly externalIds: Readonly<Record<string, string>>;
  /** The real time: a client compares the time at which its credentials expire with its own clock. */
  readonly realNow: () => number;
}

const ROLE_ARN = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/;

/** The Query protocol of Security Token Service, as far as a collector needs it: GetCallerIdentity and AssumeRole. */
export function answerSts(context: StsContext, request: StsRequest): QueryReply {
  const action = request.parameters.get('Action') ?? '';
  if (context.faults.expiredAccounts.includes(context.callers.accountOf(request.accessKeyId))) {
    return queryError(403, 'ExpiredToken', 'The security token included in the request is expired');
  }
  if (action === 'GetCallerIdentity') return getCallerIdentity(context, request);
  if (action === 'AssumeRole') return assumeRole(context, request);
  const version = request.parameters.get('Version') ?? '2011-06-15';
  return queryError(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`);
}

function getCallerIdentity({ callers }: StsContext, { accessKeyId, region }: StsRequest): QueryReply {
  return queryReply('GetCallerIdentity', {
    Arn: callers.arnOf(accessKeyId, region),
    UserId: `AIDA${keyOfText(accessKeyId).toString(36).toUpperCase().padStart(17, 'Q').slice(0, 17)}`,
    Account: callers.accountOf(accessKeyId),
  });
}

function assumeRole(context: StsContext, { parameters, accessKeyId, region }: StsRequest): QueryReply {
  const { callers, faults, externalIds } = context;
  const roleArn = parameters.get('RoleArn') ?? '';
  const session = parameters.get('RoleSessionName') ?? '';
  const seconds = Number(parameters.get('DurationSeconds') ?? 3600);
  const [, , accountId, role] = ROLE_ARN.exec(roleArn) ?? [];
  if (accountId === undefined || role === undefined) return queryError(400, 'ValidationError', `${roleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
    return queryError(
      400,
      'ValidationError',
      `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    return queryError(400, 'ValidationError', 'The requested DurationSeconds is outside 900 to 43200.');
  }
  const demanded = externalIds[accountId];
  const isDenied =
    faults.deniedOperations.includes('AssumeRole') ||
    (demanded !== undefined && parameters.get('ExternalId') !== demanded);
  if (isDenied) {
    const message = `User: ${callers.arnOf(accessKeyId, region)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    return queryError(403, 'AccessDenied', message);
  }
  const suffix = Math.floor(fraction(keyOfText(`${roleArn}/${session}`), 1) * 26 ** 4)
    .toString(26)
    .padStart(4, '0')
    .replace(/\d/g, (digit) => 'QRSTUVWXYZ'.charAt(Number(digit)))
    .toUpperCase();
  const key = `ASIA${accountId}${suffix}`;
  callers.assume(key, role, session);
  return queryReply('AssumeRole', {
    AssumedRoleUser: {
      AssumedRoleId: `AROA${suffix.repeat(4)}Q:${session}`,
      Arn: arn({ accountId, region }, 'sts', `assumed-role/${role}/${session}`),
    },
    Credentials: {
      AccessKeyId: key,
      SecretAccessKey: 'simulated/secret/access/key/EXAMPLE00000',
      SessionToken: Buffer.from(`${roleArn}/${session}`).toString('base64'),
      Expiration: new Date(context.realNow() + seconds * 1000).toISOString(),
    },
  });
}
