import { z } from '@hono/zod-openapi';
import { problemSchema } from './problem-schema.ts';

const PROBLEMS = {
  400: {
    description: 'Parameters are wrong, or the route does not have them; `errors` names each.',
    title: 'Bad request',
    detail: 'Some parameters are wrong; see errors.',
  },
  401: {
    description: 'A token is needed, or the one that was sent is not accepted.',
    title: 'Token needed',
    detail: 'Send "Authorization: Bearer <token>", or log in at /login.',
  },
  403: {
    description:
      'The role of the token does not allow this, or a page of another site made the browser send the request.',
    title: 'Role needed',
    detail: 'This needs the role "operator", but the token "auditor" has the role "reader".',
  },
  404: {
    description: 'The archive has no such thing.',
    title: 'Not found',
    detail: 'The archive has no command 11111111-2222-4333-8444-555555555555 in 111122223333, eu-west-1.',
  },
  409: {
    description: 'The request conflicts with something that exists.',
    title: 'Cannot be changed',
    detail:
      'The report "what-ran" ships with ssm-archive and can\'t be changed or deleted here. Save yours under another name.',
  },
  413: {
    description: 'The body is longer than this route allows.',
    title: 'Too large',
    detail: 'The body may have at most 1048576 bytes.',
  },
  422: {
    description:
      'The query needed more memory than a query may use, or it searches for words over more sealed days than it may.',
    title: 'Took too much memory',
    detail: 'The query needs more memory than a query may use. Ask for fewer rows or shorter texts.',
  },
  429: {
    description:
      'The caller has too many requests at once, or sent too many wrong tokens; Retry-After says when to try again.',
    title: 'Too many questions',
    detail: 'Too many reads of this caller are waiting. Ask again in 1 seconds.',
  },
  500: {
    description: 'The archive could not be read; the log of the server says why.',
    title: 'Internal error',
    detail: 'The request failed; the reason is in the log.',
  },
  503: {
    description:
      'The server is stopping, its archive was moved, its sealed days cannot be read, or it cannot write its access log or sign the answer.',
    title: 'Given up',
    detail: 'The client went away, or the server is stopping.',
  },
  504: {
    description: 'The answer took longer than its deadline. Ask for less data at a time.',
    title: 'Took too long',
    detail:
      'The read took longer than 30 seconds and was ended. Ask for a shorter span, or for fewer things at a time.',
  },
} as const;

const BAD_LIMIT = [{ field: 'limit', message: 'must be a whole number from 1 to 1000, not "0"' }];

/**
 * The problems that one route may answer with, and those of every route (a token that is not accepted, a server that
 * can't answer).
 */
export function problems(...statuses: (keyof typeof PROBLEMS)[]) {
  return Object.fromEntries(
    [...new Set([...statuses, 401, 429, 500, 503] as const)].map((status) => [
      status,
      problemForm(status, PROBLEMS[status]),
    ]),
  );
}

/** The description of a problem with this status in a route, with an example. */
export function problemForm(
  status: number,
  { description, title, detail }: { description: string; title: string; detail: string },
) {
  const example = { type: 'about:blank', title, status, detail, ...(status === 400 && { errors: BAD_LIMIT }) };
  return { description, content: { 'application/problem+json': { schema: problemSchema, example } } };
}

/** The answer of a route for a list, in its three forms. */
export function listResponse(item: z.ZodType, more: z.ZodRawShape = {}) {
  return {
    description: 'A page as JSON; or the whole list as CSV (RFC 4180, with a header) or NDJSON.',
    content: {
      'application/json': {
        schema: z.object({
          ...more,
          items: z.array(item),
          nextCursor: z.string().optional().openapi({ description: 'Where the next page begins; absent at the end.' }),
        }),
      },
      'text/csv': { schema: z.string(), example: 'accountId,region\r\n111122223333,eu-west-1\r\n' },
      'application/x-ndjson': { schema: z.string(), example: '{"accountId":"111122223333","region":"eu-west-1"}\n' },
    },
  };
}

/**
 * An answer of one object as JSON. The type makes `content` optional, so that a handler may return a Response that it
 * made itself.
 */
export function jsonResponse(
  schema: z.ZodType,
  description: string,
): { description: string; content?: { 'application/json': { schema: z.ZodType } } } {
  return { description, content: { 'application/json': { schema } } };
}

/**
 * An answer of a text or bytes as they are, or of JSON if the client asks for it. `content` is optional in the type, as
 * in jsonResponse.
 */
export function bytesResponse(
  type: 'text/plain' | 'application/octet-stream',
  example: string,
  description: string,
  json?: z.ZodType,
): { description: string; content?: Record<string, { schema: z.ZodType; example?: string }> } {
  const schema = type === 'text/plain' ? z.string() : z.string().openapi({ format: 'binary' });
  return {
    description,
    content: { ...(json && { 'application/json': { schema: json } }), [type]: { schema, example } },
  };
}
