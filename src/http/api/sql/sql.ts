import { createRoute, z } from '@hono/zod-openapi';
import { MOST_SQL_CHARACTERS } from '../../../lib/most-sql-characters.ts';
import type { SqlParams } from '../../../questions/sql/sql-values.ts';
import { sqlFormOf } from '../answers/respond-list.ts';
import { problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import type { ApiDeps } from '../api-deps.ts';
import { requireJson } from '../parameters/json-body.ts';
import { answerSql } from './answer-sql.ts';
import { boundsForm, DEFAULT_ROWS, engineForm, LONGEST_MS, sqlForm, sqlResponse } from './sql-result.ts';

const sqlText = z
  .string('is needed: it is the query to run')
  .max(MOST_SQL_CHARACTERS, `must have at most ${MOST_SQL_CHARACTERS} characters`)
  .refine((value) => value.trim() !== '', 'is needed: it is the query to run')
  .refine((value) => value.isWellFormed(), 'must be text without lone surrogates')
  .openapi({
    description: 'The query.',
    example: 'SELECT status, count(*) AS n FROM invocations WHERE requested_at >= :since GROUP BY status',
  });

/** SQLite binds at most this many parameters. */
const MOST_PARAMS = 32_766;

const isValue = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/**
 * Stops at the first fault. Otherwise zod would report each of a hundred thousand faults, and the server could not
 * answer other requests for that time.
 */
function isParams(given: unknown): given is SqlParams {
  if (typeof given !== 'object' || given === null) return false;
  const values = Object.values(given);
  return values.length <= MOST_PARAMS && values.every(isValue);
}

const valueForm = { anyOf: (['string', 'number', 'boolean', 'null'] as const).map((type) => ({ type })) };
const sqlParams = z
  .unknown()
  .transform((given, context) => {
    if (isParams(given)) return given;
    context.addIssue(`must be a list of at most ${MOST_PARAMS} values, or an object of values by name`);
    return z.NEVER;
  })
  .openapi({
    anyOf: [
      { type: 'array', items: valueForm },
      { type: 'object', additionalProperties: valueForm },
    ],
    description:
      'For each ?, a value in a list; or for each :name, a value by that name in an object. Values are texts, numbers, true, false or null.',
    example: { since: '2026-03-01' },
  });

const responses = { 200: sqlResponse, ...problems(400, 401, 403, 413, 422, 429, 504) };
const description =
  'One statement that begins with SELECT, WITH, VALUES or EXPLAIN, in the SQL of SQLite; docs/sql.md has the tables. It cannot write. ' +
  'With the engine `lake` it is in the SQL of DuckDB, and reads sealed days too. ' +
  'A wrong query is a 400 with the message of SQLite and the position; a query that takes longer than its deadline is a 504 with its plan.';

const postRoute = createRoute({
  method: 'post',
  path: '/v1/sql',
  operationId: 'runSql',
  tags: ['SQL'],
  summary: 'Ask by SQL',
  description,
  request: {
    query: z.strictObject({ ...sqlForm }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              sql: sqlText,
              params: sqlParams.optional(),
              ...engineForm,
              limit: z.int('must be a whole number').min(1, 'must be 1 or more').default(DEFAULT_ROWS).openapi({
                description: 'The highest number of rows in a JSON answer; all other forms have all rows.',
              }),
              timeoutMs: z
                .int('must be a whole number')
                .min(1, 'must be 1 or more')
                .max(LONGEST_MS, `must be at most ${LONGEST_MS}`)
                .optional()
                .openapi({ description: 'A shorter deadline than that of the server.' }),
            })
            .openapi('SqlQuery'),
        },
      },
    },
  },
  responses,
});

const getRoute = createRoute({
  method: 'get',
  path: '/v1/sql',
  operationId: 'linkSql',
  tags: ['SQL'],
  summary: 'Ask by SQL, with a link',
  description,
  request: {
    query: z.strictObject({
      sql: sqlText,
      params: z
        .string('must be given once')
        .transform((json, context) => {
          try {
            const parsed = sqlParams.safeParse(JSON.parse(json));
            if (parsed.success) return parsed.data;
          } catch {
            // The text is not JSON. The issue below says what is expected.
          }
          context.addIssue(
            'must be JSON: a list of values, or an object of values by name, such as {"since":"2026-03-01"}',
          );
          return z.NEVER;
        })
        .optional()
        .openapi({
          type: 'string',
          description: 'The same values as in POST, written as JSON.',
          example: '{"since":"2026-03-01"}',
        }),
      ...engineForm,
      ...boundsForm,
      ...sqlForm,
    }),
  },
  responses,
});

/** `POST /v1/sql` and `GET /v1/sql?sql=`. The code that mounts them must let only the role `sql` through. */
export function addSqlRoutes(app: ApiApp, deps: ApiDeps): void {
  app.use('/v1/sql', requireJson);
  app.openapi(postRoute, (c) => {
    const form = c.req.valid('query');
    const { sql, params, limit, timeoutMs, engine } = c.req.valid('json');
    const asked = { sql, params, engine, timeoutMs, limit, name: 'sql' };
    return answerSql(c, deps, { ...asked, ...sqlFormOf(c, form) });
  });
  app.openapi(getRoute, (c) => {
    const { sql, params, limit, timeoutMs, engine, ...form } = c.req.valid('query');
    const asked = { sql, params, engine, timeoutMs, limit, name: 'sql' };
    return answerSql(c, deps, { ...asked, ...sqlFormOf(c, form) });
  });
}
