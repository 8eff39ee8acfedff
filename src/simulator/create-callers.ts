import { arn } from '../http/aws/arn.ts';
import { AwsError } from '../http/aws/aws-error.ts';
import type { Scope } from '../http/aws/command-history.ts';
import type { SignedRequest } from '../http/aws/create-aws-app.ts';
import type { Credential } from '../http/aws/read-credential.ts';
import type { SimulatorFaults } from './faults.ts';
import type { SimulatorStats } from './stats.ts';

interface CallersContext {
  readonly defaultAccount: string;
  readonly faults: SimulatorFaults;
  readonly stats: SimulatorStats;
  readonly random: () => number;
  /** Real time in milliseconds, for the rate of requests. */
  readonly realNow: () => number;
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
  resolveScope(credential: Credential, request: SignedRequest): Scope;
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

  return {
    accountOf,
    arnOf,
    assume: (accessKeyId, roleName, sessionName) => {
      sessions.set(accessKeyId, `${roleName}/${sessionName}`);
    },
    resolveScope: ({ accessKeyId, region }, { operation }) => {
      const scope = { accountId: accountOf(accessKeyId), region };
      if (faults.expiredAccounts.includes(scope.accountId)) {
        stats.expirations++;
        throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired');
      }
      if (faults.deniedAccounts.includes(scope.accountId) || faults.deniedOperations.includes(operation)) {
        stats.denials++;
        const action = `ssm:${operation}`;
        throw new AwsError(
          'AccessDeniedException',
          `User: ${arnOf(accessKeyId, region)} is not authorized to perform: ${action} on resource: ${arn(scope, 'ssm', '*')} because no identity-based policy allows the ${action} action`,
        );
      }
      if (isOverRate(`${scope.accountId}/${region}`) || (faults.throttleRate > 0 && random() < faults.throttleRate)) {
        stats.throttles++;
        throw new AwsError('ThrottlingException', 'Rate exceeded');
      }
      if (faults.errorRate > 0 && random() < faults.errorRate) {
        stats.errors++;
        throw new AwsError('InternalServerError', 'An error occurred on the server side.', 500);
      }
      return scope;
    },
  };
}
