import { type Context, Hono } from 'hono';
import { arn } from './arn.ts';
import { AwsError } from './aws-error.ts';
import type { AwsAppOptions } from './create-aws-app.ts';
import { type QueryReply, queryError, queryReply } from './query-reply.ts';
import { readCredential } from './read-credential.ts';

/** STS uses an older protocol, in which some errors have other names than in the JSON services. */
const STS_CODES: Readonly<Record<string, string>> = {
  UnrecognizedClientException: 'InvalidClientTokenId',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  IncompleteSignatureException: 'IncompleteSignature',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  AccessDeniedException: 'AccessDenied',
  ValidationException: 'ValidationError',
  ThrottlingException: 'Throttling',
};
/** The errors for which STS sends status 400; for all others it sends 403. */
const BAD_REQUESTS = ['IncompleteSignature', 'ValidationError', 'Throttling'];

/**
 * GetCallerIdentity of STS at `POST /`. A client that sends all of its AWS calls here learns from it which account it
 * reads. Every other request goes to the next handler.
 */
export function createIdentityApp({ resolveScope, onRequest, onAnswer }: Omit<AwsAppOptions, 'history'>): Hono {
  const app = new Hono();
  app.post('/', async (context, next) => {
    const isForm = /^application\/x-www-form-urlencoded\b/.test(context.req.header('content-type') ?? '');
    if (!isForm || context.req.header('x-amz-target') !== undefined) return next();
    const { status, xml } = await answer(context, await context.req.text());
    return context.body(xml, status, { 'content-type': 'text/xml' });
  });
  return app;

  async function answer(context: Context, body: string): Promise<QueryReply> {
    const parameters = new URLSearchParams(body);
    const action = parameters.get('Action') ?? '';
    if (action !== 'GetCallerIdentity') {
      const version = parameters.get('Version') ?? '2011-06-15';
      return queryError(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`);
    }
    try {
      onRequest?.(context, action, {});
      const { raw } = context.req;
      const url = new URL(raw.url);
      const credential = readCredential(raw.headers, url.searchParams);
      const request = { operation: action, method: raw.method, url, headers: raw.headers, body };
      const { accountId, region, caller = 'caller' } = await resolveScope(credential, request, context);
      onAnswer?.(context, 1);
      const user = arn({ accountId, region }, 'iam', `user/${caller}`);
      return queryReply(action, { Arn: user, UserId: credential.accessKeyId, Account: accountId });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const code = STS_CODES[error.code] ?? error.code;
      return queryError(BAD_REQUESTS.includes(code) ? 400 : 403, code, error.text ?? error.code);
    }
  }
}
