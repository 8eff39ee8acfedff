import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ReadAborted, ReadQueueFull, ReadTimedOut } from '../../readers/errors.ts';
import { type FieldFault, InvalidRequest, NotFound } from './api-error.ts';

const HEADERS = { 'content-type': 'application/problem+json' };
const BAD_REQUEST = 'Some parameters are wrong; errors names each.';

/** The answer to parameters that zod refuses: each by its name, with what was expected. */
export function problemOfFaults(c: Context, error: z.ZodError): Response {
  const faults = error.issues.flatMap(faultsOf);
  return badRequest(c, [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]);
}

function faultsOf(issue: z.core.$ZodIssue): FieldFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((field) => ({
      field,
      message: 'is not a parameter here; /openapi.json names those there are',
    }));
  }
  const message = issue.code === 'invalid_union' ? 'has a form that can not be read' : issue.message;
  // A parameter's own name, even where one of its several values is wrong.
  return [{ field: String(issue.path[0] ?? 'query'), message }];
}

/** The answer to an error of the API's own, or undefined for one that it does not know. */
export function problemOfError(c: Context, error: unknown): Response | undefined {
  if (error instanceof InvalidRequest) return badRequest(c, error.errors);
  if (error instanceof NotFound) return problem(c, 404, 'Not found', error.message);
  if (error instanceof ReadQueueFull) {
    const seconds = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
    return problem(c, 429, 'Too many questions', error.message, { 'retry-after': seconds });
  }
  if (error instanceof ReadTimedOut) {
    const detail = `${error.message} Ask for a shorter span, or for fewer things at a time.`;
    return problem(c, 504, 'Took too long', detail);
  }
  if (error instanceof ReadAborted) return problem(c, 503, 'Given up', 'The client went away, or the server stops.');
  return undefined;
}

function badRequest(c: Context, errors: readonly FieldFault[]): Response {
  return c.json({ type: 'about:blank', title: 'Bad request', status: 400, detail: BAD_REQUEST, errors }, 400, HEADERS);
}

function problem(
  c: Context,
  status: 404 | 429 | 503 | 504,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  return c.json({ type: 'about:blank', title, status, detail }, status, { ...HEADERS, ...headers });
}
