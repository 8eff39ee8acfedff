import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { AwsError } from './aws-error.ts';
import type { Answer, CommandHistory, Scope } from './command-history.ts';
import { getCommandInvocation } from './get-command-invocation.ts';
import { listCommandInvocations } from './list-command-invocations.ts';
import { listCommands } from './list-commands.ts';
import type { Operation } from './operation.ts';
import { type Credential, readCredential } from './read-credential.ts';

/** A request as it came, for whoever verifies its signature. `body` is the exact text that was signed. */
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
   * Whose history a caller reads. May throw AwsErrors: an unknown key, a signature that is wrong, access that is denied,
   * throttling. It runs after the operation is known and authentication is present, and before the input is looked at.
   */
  readonly resolveScope: (credential: Credential, request: SignedRequest) => Answer<Scope>;
  /** Signs NextTokens. */
  readonly tokenSecret: string;
  readonly now: () => Date;
  /** Told of what is answered with InternalServerError. */
  readonly onError?: (error: unknown) => void;
  /** Writes a reply's JSON; JSON.stringify unless told otherwise. */
  readonly encode?: (reply: object) => string;
  /** The message of UnknownOperationException; the service itself sends none. */
  readonly unknownOperationMessage?: string;
}

const TARGET_PREFIX = 'AmazonSSM.';
const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['ListCommandInvocations', listCommandInvocations],
  ['ListCommands', listCommands],
  ['GetCommandInvocation', getCommandInvocation],
]);

/**
 * Run Command's read side as AWS JSON 1.1 at `POST /`. Checks come in the service's order: the body is JSON, the operation
 * is known, authentication is present, the caller resolves, types, constraints.
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
      const reply = await answer(options, context.req.raw, await context.req.text());
      return context.body(encode(reply), 200, headers);
    } catch (thrown) {
      const error = asAwsError(thrown, options.onError);
      const body = { __type: error.code, ...(error.text !== undefined && { message: error.text }) };
      return context.body(JSON.stringify(body), error.status, headers);
    }
  });
  return app;
}

async function answer(options: AwsAppOptions, request: Request, text: string): Promise<object> {
  const body = parseBody(text);
  const target = request.headers.get('x-amz-target') ?? '';
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const operation = OPERATIONS.get(name);
  if (!operation) throw new AwsError('UnknownOperationException', options.unknownOperationMessage);
  const url = new URL(request.url);
  const credential = readCredential(request.headers, url.searchParams);
  const scope = await options.resolveScope(credential, {
    operation: name,
    method: request.method,
    url,
    headers: request.headers,
    body: text,
  });
  return operation({ history: options.history, scope, tokenSecret: options.tokenSecret }, body);
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
