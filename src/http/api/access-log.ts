import { createRoute, z } from '@hono/zod-openapi';
import type { AccessDb } from '../../access/log/open-access-db.ts';
import { type AccessLogPosition, readAccessLog } from '../../access/log/read-access-log.ts';
import type { Now } from '../../lib/time.ts';
import { encodeCursor } from '../../questions/cursor.ts';
import { noSpan } from '../../questions/time/read-time.ts';
import { listFormOf, respondPage } from './answers/respond-list.ts';
import { respondPages } from './answers/respond-pages.ts';
import { listResponse, problems } from './answers/responses.ts';
import type { ApiApp } from './api-app.ts';
import { InvalidRequest } from './api-error.ts';
import { cursor, limit, listForm, text, time, wholeNumber } from './parameters/parameters.ts';
import { readCursor } from './parameters/read-cursor.ts';

const nullableText = z.string().nullable();
const requestSchema = z
  .object({
    id: z.int(),
    at: z.iso.datetime().openapi({ example: '2026-03-01T09:30:00.000Z' }),
    requestId: nullableText,
    caller: nullableText,
    tokenId: nullableText,
    role: nullableText,
    remoteAddress: nullableText,
    method: z.string(),
    path: z.string(),
    query: nullableText,
    sql: nullableText.openapi({ description: 'The SQL of the request, if it had any.' }),
    params: nullableText.openapi({ description: 'The parameters of that SQL, as JSON.' }),
    engine: nullableText.openapi({ description: 'The engine of that SQL: archive or lake.' }),
    status: z.int(),
    outcome: z.string(),
    rows: z.int().nullable(),
    bytes: z.int().nullable(),
    elapsedMs: z.int().nullable(),
    userAgent: nullableText,
    attempts: z.int().nullable().openapi({ description: 'For a row about refused attempts: how many there were.' }),
    lastAt: nullableText.openapi({ description: 'For a row about refused attempts: the time of the last one.' }),
  })
  .openapi('AccessLogEntry');

const accessLogRoute = createRoute({
  method: 'get',
  path: '/v1/access-log',
  operationId: 'listAccessLog',
  tags: ['Access'],
  summary: 'Requests and who made them, the newest first; only for operators',
  description:
    'A page may be short or empty and still have a next page, because the search for each page reads a limited number of rows.',
  request: {
    query: z.strictObject({
      caller: text.optional().openapi({ description: 'The name of a token, or `local`.', example: 'auditor' }),
      from: time.optional().openapi({ type: 'string', description: 'Inclusive.' }),
      to: time.optional().openapi({ type: 'string', description: 'Exclusive.' }),
      path: text.optional().openapi({ description: 'A text that the path contains.' }),
      status: wholeNumber(100, 599)
        .optional()
        .openapi({ type: 'integer', description: 'The status code of the answer.', example: 403 }),
      ...{ limit, cursor },
      ...listForm,
    }),
  },
  responses: { 200: listResponse(requestSchema), ...problems(400, 401, 403) },
});

/** `GET /v1/access-log`. The code that mounts it must let only operators through. */
export function addAccessLogRoute(app: ApiApp, { accessDb, now }: { accessDb: AccessDb; now: Now }): void {
  app.openapi(accessLogRoute, (c) => {
    const { limit: size, cursor: given, format: wanted, csv, for: reader, path, ...rest } = c.req.valid('query');
    const { from, to } = rest;
    if (from !== undefined && to !== undefined && from >= to) {
      const message = noSpan({ name: 'from', at: from }, { name: 'to', at: to });
      throw new InvalidRequest([{ field: 'to', message }]);
    }
    const read = (limit: number, after: AccessLogPosition | undefined) =>
      readAccessLog(accessDb, { ...rest, pathContains: path, limit, after });
    const { format, csvForm } = listFormOf(c, { format: wanted, csv, for: reader });
    if (format !== 'json') {
      const columns = Object.keys(requestSchema.shape);
      return respondPages(c, { name: 'access-log', format, now: now(), csvForm, columns, read });
    }
    const question = ['access-log', path, rest];
    const after = readCursor(question, given, z.object({ at: z.string(), id: z.int() }));
    const { items, next } = read(size, after);
    return respondPage(c, { items, nextCursor: next && encodeCursor(question, next) });
  });
}
