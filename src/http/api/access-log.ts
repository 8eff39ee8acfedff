import { createRoute, z } from '@hono/zod-openapi';
import type { AccessDb } from '../../access/open-access-db.ts';
import { readAccessLog } from '../../access/read-access-log.ts';
import { encodeCursor } from '../../lib/cursor.ts';
import type { ApiApp } from './api-app.ts';
import { cursor, limit, text, time, wholeNumber } from './parameters.ts';
import { readCursor } from './read-cursor.ts';
import { respondPage } from './respond-list.ts';
import { jsonResponse, problems } from './responses.ts';

const nullableText = z.string().nullable();
const requestSchema = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    requestId: nullableText,
    caller: nullableText,
    tokenId: nullableText,
    role: nullableText,
    remoteAddress: nullableText,
    method: z.string(),
    path: z.string(),
    query: nullableText,
    status: z.int(),
    outcome: z.string(),
    rows: z.int().nullable(),
    bytes: z.int().nullable(),
    elapsedMs: z.int().nullable(),
    userAgent: nullableText,
  })
  .openapi('AccessLogEntry');

const accessLogRoute = createRoute({
  method: 'get',
  path: '/v1/access-log',
  operationId: 'listAccessLog',
  tags: ['Access'],
  summary: 'Who asked what, the newest first; for operators',
  description: 'A page may be short, or empty, and yet have a next one: so many rows are looked at for each.',
  request: {
    query: z.strictObject({
      caller: text.optional(),
      from: time.optional().openapi({ type: 'string', description: 'Inclusive.' }),
      to: time.optional().openapi({ type: 'string', description: 'Exclusive.' }),
      path: text.optional().openapi({ description: 'Contained in the path.' }),
      status: wholeNumber(100, 599).optional().openapi({ type: 'integer' }),
      limit,
      cursor,
    }),
  },
  responses: {
    200: jsonResponse(z.object({ items: z.array(requestSchema), nextCursor: z.string().optional() }), 'A page.'),
    ...problems(400, 401, 403),
  },
});

/** `GET /v1/access-log`; whoever mounts it lets only operators further. */
export function addAccessLogRoute(app: ApiApp, accessDb: AccessDb): void {
  app.openapi(accessLogRoute, (c) => {
    const { limit: size, cursor: given, path, ...rest } = c.req.valid('query');
    const question = ['access-log', path, rest];
    const after = readCursor(question, given, z.object({ at: z.string(), id: z.int() }));
    const { items, next } = readAccessLog(accessDb, { ...rest, pathContains: path, limit: size, after });
    return respondPage(c, { items, nextCursor: next && encodeCursor(question, next) });
  });
}
