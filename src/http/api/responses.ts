import { z } from '@hono/zod-openapi';
import { problemSchema } from './problem-schema.ts';

const DESCRIPTIONS = {
  400: 'A parameter is wrong, or not one of this question; `errors` names each.',
  401: 'A token is needed.',
  403: "The token's role does not allow it.",
  404: 'The archive has no such thing.',
  429: 'Too many questions at once; Retry-After says when to ask again.',
  504: 'The answer took longer than its deadline; ask for less at a time.',
} as const;

/** The problems that a route may answer with. */
export function problems(...statuses: (keyof typeof DESCRIPTIONS)[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: DESCRIPTIONS[status], content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  );
}

/** A list in its three forms. */
export function listResponse(item: z.ZodType, more: z.ZodRawShape = {}) {
  return {
    description: 'A page as JSON; or all of it as CSV (RFC 4180, with a header) or NDJSON.',
    content: {
      'application/json': {
        schema: z.object({
          ...more,
          items: z.array(item),
          nextCursor: z.string().optional().openapi({ description: 'Where the next page begins; absent at the end.' }),
        }),
      },
      'text/csv': { schema: z.string() },
      'application/x-ndjson': { schema: z.string() },
    },
  };
}

/** One thing as JSON. Content is optional in the type, so that a handler may answer with a Response that it made itself. */
export function jsonResponse(
  schema: z.ZodType,
  description: string,
): { description: string; content?: { 'application/json': { schema: z.ZodType } } } {
  return { description, content: { 'application/json': { schema } } };
}
