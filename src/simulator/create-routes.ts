import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { AwsError } from '../http/aws/aws-error.ts';
import { type QueryReply, queryError } from '../http/aws/query-reply.ts';
import { readCredential } from '../http/aws/read-credential.ts';
import { answerSts, type StsContext } from './answer-sts.ts';
import { answerLogs, LOGS_TARGET, type LogsContext } from './logs/answer-logs.ts';
import { answerS3, readS3Request, type S3Context } from './s3/answer-s3.ts';
import { dripping, type TransportContext, withTransportFaults } from './transport-faults.ts';

export interface RoutesContext extends TransportContext {
  readonly ssm: Hono;
  readonly sts: StsContext;
  readonly logs: LogsContext;
  readonly s3: S3Context;
  /** Called with the simulator's own failures. */
  readonly onError: (error: unknown) => void;
}

type Env = { Bindings: HttpBindings };

/**
 * All services on one port: what is posted to `/` is told apart by its content type and its target, and every other
 * path is a bucket's.
 */
export function createRoutes(routes: RoutesContext): Hono<Env> {
  const { stats, ssm, sts } = routes;
  const app = new Hono<Env>();
  const count = (operation: string) => {
    stats.calls[operation] = (stats.calls[operation] ?? 0) + 1;
  };

  app.post('/', async (context) => {
    const { outgoing } = context.env;
    if (isSts(context)) {
      const parameters = new URLSearchParams(await context.req.text());
      const operation = parameters.get('Action') ?? '';
      count(operation);
      const { status, xml } = answerSignedSts(sts, context, parameters);
      return dripping(routes, outgoing, operation, context.body(xml, status, { 'content-type': 'text/xml' }));
    }
    const target = context.req.header('x-amz-target') ?? '';
    const request = context.req.raw;
    if (!target.startsWith(LOGS_TARGET)) {
      const operation = target.replace('AmazonSSM.', '');
      count(operation);
      return withTransportFaults(routes, context.env, operation, () => ssm.fetch(request));
    }
    const operation = target.slice(LOGS_TARGET.length);
    count(operation);
    const body = await request.text();
    return withTransportFaults(routes, context.env, operation, () => answerLogs(routes.logs, request, body));
  });

  app.all('*', (context) => {
    const request = context.req.raw;
    const asked = readS3Request(request.method, new URL(request.url));
    if (!asked) return context.notFound();
    count(asked.operation);
    return withTransportFaults(routes, context.env, asked.operation, () => answerS3(routes.s3, request, asked));
  });

  app.onError((error, context) => {
    routes.onError(error);
    return context.text('The simulator has failed.', 500);
  });
  return app;
}

/** Answers STS for the caller who signed the request, and refuses an unsigned one. */
function answerSignedSts(sts: StsContext, context: Context<Env>, parameters: URLSearchParams): QueryReply {
  try {
    const query = new URL(context.req.url).searchParams;
    const { accessKeyId, region } = readCredential(context.req.raw.headers, query);
    return answerSts(sts, { parameters, accessKeyId, region });
  } catch (error) {
    if (error instanceof AwsError) return queryError(403, error.code.replace(/Exception$/, ''), error.message);
    throw error;
  }
}

function isSts(context: Context<Env>): boolean {
  return (context.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded');
}
