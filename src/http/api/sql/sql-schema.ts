import { createRoute, z } from '@hono/zod-openapi';
import { describeSchema } from '../../../archive/file/describe-schema.ts';
import { wholeFrom } from '../../../archive/sealed/whole-from.ts';
import { NO_ARCHIVE_HERE, NO_LAKE_HERE } from '../../../processes/sql/ready-engine.ts';
import { readSchemaPage } from '../../../questions/sql/read-schema-page.ts';
import { SQL_ENGINES, USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import { jsonResponse, problems } from '../answers/responses.ts';
import { wholeFromMember } from '../answers/whole-from-member.ts';
import type { ApiApp } from '../api-app.ts';
import type { ApiDeps } from '../api-deps.ts';
import { InvalidRequest } from '../api-error.ts';
import { engineForm } from './sql-result.ts';

const description = z.string().openapi({ description: 'In Markdown.' });

const tableSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['table', 'view', 'virtual']),
    description,
    estimatedRows: z.int().nullable().openapi({
      description:
        'The highest row number: an upper bound for the number of rows, and exact if no row was ever removed. It is not exact for revisions and ledger_entries, which share one sequence of numbers.',
    }),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z
          .string()
          .openapi({ description: 'The declared type. Empty in a virtual table, and for an expression in a view.' }),
        isNullable: z.boolean(),
        description,
      }),
    ),
    indexes: z.array(
      z.object({
        name: z.string(),
        columns: z.array(z.string()),
        isUnique: z.boolean(),
        where: z.string().nullable().openapi({ description: 'The condition of a partial index.' }),
        description,
      }),
    ),
  })
  .openapi('SqlTable', {
    example: {
      ...{ name: 'runs', kind: 'table', description: 'One row: one pass of the collector.', estimatedRows: 8640 },
      columns: [{ name: 'id', type: 'INTEGER', isNullable: false, description: "the pass's number" }],
      indexes: [],
    },
  });

const sqlSchemaRoute = createRoute({
  method: 'get',
  path: '/v1/sql/schema',
  operationId: 'readSqlSchema',
  tags: ['SQL'],
  summary: 'Tables, views, columns and indexes for SQL, with a description of each',
  request: { query: z.strictObject(engineForm) },
  responses: {
    200: jsonResponse(
      z.object({ engine: z.enum(SQL_ENGINES), ...wholeFromMember, tables: z.array(tableSchema) }),
      'The tables.',
    ),
    ...problems(400, 401, 403),
  },
});

/**
 * `GET /v1/sql/schema`, for any role. The server's own process answers it, because the size of the archive does not
 * matter: the reads are always few and short.
 */
export function addSqlSchemaRoute(
  app: ApiApp,
  { archive, sql, lakeAlone }: Pick<ApiDeps, 'archive' | 'sql' | 'lakeAlone'>,
): void {
  const page = readSchemaPage();
  app.openapi(sqlSchemaRoute, (c) => {
    const { engine = lakeAlone ? 'lake' : USUAL_ENGINE } = c.req.valid('query');
    if (engine === 'archive' && lakeAlone) throw new InvalidRequest([{ field: 'engine', message: NO_ARCHIVE_HERE }]);
    if (engine === 'lake' && !sql.lake) throw new InvalidRequest([{ field: 'engine', message: NO_LAKE_HERE }]);
    const tables = engine === 'lake' ? sql.lake?.describe(archive, page) : describeSchema(archive, page);
    c.set('rows', tables?.length ?? 0);
    // The lake has all days.
    const from = engine === 'lake' ? undefined : wholeFrom(archive);
    return c.json({ engine, wholeFrom: from, tables: tables ?? [] });
  });
}
