import { arn } from '../http/aws/arn.ts';
import { AwsError } from '../http/aws/aws-error.ts';
import type { Scope } from '../http/aws/command-history.ts';
import type { Credential } from '../http/aws/read-credential.ts';
import { type RequestFaults, rateOf, type SimulatorFaults } from './faults.ts';
import type { SimulatorStats } from './stats.ts';

interface CallersContext {
  readonly defaultAccount: string;
  readonly faults: SimulatorFaults;
  readonly stats: SimulatorStats;
  readonly random: () => number;
  /** Real time in milliseconds, for the rate of requests. */
  readonly realNow: () => number;
}

/** A request, as far as it decides whether its caller may make it. */
export interface CallersRequest {
  readonly operation: string;
  /** The permission that it needs: `ssm:<operation>` by default. */
  readonly action?: string;
  /** The ARN that a refusal names; everything of the account and region by default. */
  readonly resource?: string;
  /** The bucket or the log group that it reads. */
  readonly store?: string;
}

export interface Callers {
  /**
   * Returns the account of a caller: the twelve digits in its access key id if there are any (as in emulators), else
   * the default account.
   */
  accountOf(accessKeyId: string): string;
  /** Returns the ARN by which the service names a caller. */
  arnOf(accessKeyId: string, region: string): string;
  /** Remembers that a key was given to a session of a role. */
  assume(accessKeyId: string, roleName: string, sessionName: string): void;
  /**
   * Returns the account and region whose history a caller reads. Throws what the faults demand, in the order in which
   * the service refuses.
   */
  resolveScope(credential: Credential, request: CallersRequest): Scope;
}

export function createCallers({ defaultAccount, faults, stats, random, realNow }: CallersContext): Callers {
  const sessions = new Map<string, string>();
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const accountOf = (accessKeyId: string) => /(?<!\d)\d{12}(?!\d)/.exec(accessKeyId)?.[0] ?? defaultAccount;
  const arnOf = (accessKeyId: string, region: string) => {
    const scope = { accountId: accountOf(accessKeyId), region };
    const session = sessions.get(accessKeyId);
    return session === undefined ? arn(scope, 'iam', 'user/operator') : arn(scope, 'sts', `assumed-role/${session}`);
  };

  /** A token bucket for each account and region. */
  const isOverRate = (source: string): boolean => {
    const { requestsPerSecond, burst } = faults;
    if (requestsPerSecond <= 0) return false;
    const atMs = realNow();
    const bucket = buckets.get(source) ?? { tokens: burst, atMs };
    const tokens = Math.min(burst, bucket.tokens + ((atMs - bucket.atMs) / 1000) * requestsPerSecond);
    buckets.set(source, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs });
    return tokens < 1;
  };

  /** Draws only if there is something to decide, so that one fault's rate does not move another's draws. */
  const isDrawn = (fault: keyof RequestFaults, operation: string) => {
    const rate = rateOf(faults, operation, fault);
    return rate > 0 && random() < rate;
  };

  return {
    accountOf,
    arnOf,
    assume: (accessKeyId, roleName, sessionName) => {
      sessions.set(accessKeyId, `${roleName}/${sessionName}`);
    },
    resolveScope: ({ accessKeyId, region }, { operation, action = `ssm:${operation}`, resource, store }) => {
      const scope = { accountId: accountOf(accessKeyId), region };
      if (faults.expiredAccounts.includes(scope.accountId)) {
        stats.expirations++;
        throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired');
      }
      const isStoreDenied = faults.deniedStores.some(
        (denied) => denied === store || resource?.startsWith(`"arn:aws:s3:::${denied}/`),
      );
      const isDenied = faults.deniedAccounts.includes(scope.accountId) || faults.deniedOperations.includes(operation);
      if (isDenied || isStoreDenied) {
        stats.denials++;
        throw new AwsError(
          'AccessDeniedException',
          `User: ${arnOf(accessKeyId, region)} is not authorized to perform: ${action} on resource: ${resource ?? arn(scope, 'ssm', '*')} because no ${isDenied ? 'identity-based' : 'resource-based'} policy allows the ${action} action`,
        );
      }
      const [service] = action.split(':');
      if (isOverRate(`${service}/${scope.accountId}/${region}`) || isDrawn('throttleRate', operation)) {
        stats.throttles++;
        throw new AwsError('ThrottlingException', 'Rate exceeded');
      }
      if (isDrawn('errorRate', operation)) {
        stats.errors++;
        throw new AwsError('InternalServerError', 'An error occurred on the server side.', 500);
      }
      return scope;
    },
  };
}
