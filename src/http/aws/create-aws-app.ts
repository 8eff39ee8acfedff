import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { COVERAGE_HEADER } from '../../model/coverage/coverage-statement.ts';
import { AwsError } from './aws-error.ts';
import type { Answer, CommandHistory, Scope } from './command-history.ts';
import { getCommandInvocation } from './operations/get-command-invocation.ts';
import { listCommandInvocations } from './operations/list-command-invocations.ts';
import { listCommands } from './operations/list-commands.ts';
import type { Operation, OperationAnswer } from './operations/operation.ts';
import { type Credential, readCredential } from './read-credential.ts';

/**
 * A request exactly as it was received, for the code that verifies its signature. `body` is the exact text that was
 * signed.
 */
export interface SignedRequest {
  readonly operation: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

export interface AwsAppOptions {
  readonly history: CommandHistory;
  /**
   * Returns the account and region that a caller reads. May throw AwsErrors, for an unknown key, a wrong signature,
   * denied access or throttling. Called after the checks of the operation and of the presence of a credential, and
   * before the input is parsed.
   */
  readonly resolveScope: (credential: Credential, request: SignedRequest, context: Context) => Answer<Scope>;
  /** The secret that signs NextTokens. */
  readonly tokenSecret: string;
  readonly now: () => Date;
  /** Called with the cause of each InternalServerError. */
  readonly onError?: (error: unknown) => void;
  /** Writes a reply's JSON; by default JSON.stringify. */
  readonly encode?: (reply: object) => string;
  /** The message of UnknownOperationException; AWS itself sends that error without a message. */
  readonly unknownOperationMessage?: string;
  /** `onRequest` is called as soon as the operation is known; `onAnswer` gets the number of items in the reply. */
  readonly onRequest?: (context: Context, operation: string, input: unknown) => void;
  readonly onAnswer?: (context: Context, items: number) => void;
}

const TARGET_PREFIX = 'AmazonSSM.';
const OPERATIONS: readonly Operation[] = [listCommandInvocations, listCommands, getCommandInvocation];

/** The names of all operations, in the order for messages. */
export const OPERATION_NAMES: readonly string[] = OPERATIONS.map(({ name }) => name);

/**
 * The reading operations of Run Command, as AWS JSON 1.1 at `POST /`. Checks are in AWS's order: the body is JSON, the
 * operation is known, a credential is present, the caller is known and allowed, the types are right, the constraints
 * are met.
 */
export function createAwsApp(options: AwsAppOptions): Hono {
  const { encode = JSON.stringify } = options;
  const app = new Hono();
  app.post('/', async (context) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomUUID(),
      date: options.now().toUTCString(),
    };
    try {
      const { reply, items, coverage } = await answer(options, context, await context.req.text());
      options.onAnswer?.(context, items);
      return context.body(encode(reply), 200, withCoverage(headers, coverage));
    } catch (thrown) {
      const error = asAwsError(thrown, options.onError);
      const body = { __type: error.code, ...(error.text !== undefined && { message: error.text }) };
      return context.body(JSON.stringify(body), error.status, withCoverage(headers, error.coverage));
    }
  });
  return app;
}

function withCoverage(headers: Record<string, string>, coverage: string | undefined): Record<string, string> {
  return coverage === undefined ? headers : { ...headers, [COVERAGE_HEADER]: coverage };
}

async function answer(options: AwsAppOptions, context: Context, text: string): Promise<OperationAnswer> {
  const request = context.req.raw;
  const body = parseBody(text);
  const target = request.headers.get('x-amz-target') ?? '';
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const operation = OPERATIONS.find((one) => one.name === name);
  if (!operation) throw new AwsError('UnknownOperationException', options.unknownOperationMessage);
  options.onRequest?.(context, name, body);
  const url = new URL(request.url);
  const credential = readCredential(request.headers, url.searchParams);
  const signed = { operation: name, method: request.method, url, headers: request.headers, body: text };
  const scope = await options.resolveScope(credential, signed, context);
  return operation.run({ history: options.history, scope, tokenSecret: options.tokenSecret }, body);
}

function parseBody(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException');
  }
}

function asAwsError(thrown: unknown, onError: AwsAppOptions['onError']): AwsError {
  if (thrown instanceof AwsError) return thrown;
  onError?.(thrown);
  return new AwsError('InternalServerError', 'An error occurred on the server side.', 500);
}
