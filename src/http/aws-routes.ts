import { type Context, Hono } from 'hono';
import type { AccessEnv } from '../access/caller.ts';
import type { AuthDb } from '../access/open-auth-db.ts';
import type { RandomBytes } from '../access/secret.ts';
import { serverSecret } from '../access/server-secret.ts';
import type { Logger } from '../lib/logger.ts';
import type { Now } from '../lib/time.ts';
import { createAwsCallers } from './auth/create-aws-callers.ts';
import type { Throttle } from './auth/create-throttle.ts';
import type { CommandHistory } from './aws/command-history.ts';
import { createAwsApp, OPERATION_NAMES } from './aws/create-aws-app.ts';
import { createIdentityApp } from './aws/create-identity-app.ts';

export interface AwsRoutesDeps {
  history: CommandHistory;
  /** The accounts in the archive. */
  accounts(): string[];
  authDb: AuthDb;
  random: RandomBytes;
  now: Now;
  log: Logger;
  throttle: Throttle;
  isProxyTrusted: boolean;
}

const SERVED = `This archive serves ${OPERATION_NAMES.slice(0, -1).join(', ')} and ${OPERATION_NAMES.at(-1)} of AmazonSSM, and no other operation.`;

/** The AWS endpoint at `POST /`: the operations of AmazonSSM that only read, and GetCallerIdentity of STS. */
export function awsRoutes({ history, random, log, ...deps }: AwsRoutesDeps): Hono<AccessEnv> {
  const options = {
    history,
    now: deps.now,
    resolveScope: createAwsCallers(deps),
    tokenSecret: serverSecret({ authDb: deps.authDb, random }, 'aws-next-token'),
    unknownOperationMessage: SERVED,
    onError: (error: unknown) => log.error({ err: error }, 'An AWS operation failed.'),
    onRequest: (c: Context<AccessEnv>, operation: string, params: unknown) => c.set('asked', { operation, params }),
    onAnswer: (c: Context<AccessEnv>, items: number) => c.set('rows', items),
  };
  const app = new Hono<AccessEnv>();
  app.route('/', createIdentityApp(options));
  app.route('/', createAwsApp(options));
  return app;
}
