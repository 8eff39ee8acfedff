import { createRoute, z } from '@hono/zod-openapi';
import { REPORT_NAME } from '../../../questions/reports/report.ts';
import { checkSql, reportMembers, reportName } from '../../../questions/reports/report-form.ts';
import { USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import { deleteReport } from '../../../reports/saved/delete-report.ts';
import { saveReport } from '../../../reports/saved/save-report.ts';
import { tryReport } from '../../../reports/try-report.ts';
import { jsonResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { requireJson } from '../parameters/json-body.ts';
import { text } from '../parameters/parameters.ts';
import { problemOfParts } from '../problem-of.ts';
import { reportSchema, reportView } from './report-schema.ts';

const { description, sql, engine, parameters } = reportMembers;
const bodySchema = z
  .strictObject({ description, sql, engine, parameters: parameters.default([]) })
  .superRefine(checkSql)
  .openapi('SavedReport', {
    example: {
      description: 'Failed invocations since a time, the newest first.',
      sql: "SELECT * FROM invocations WHERE status = 'Failed' AND requested_at >= :from ORDER BY requested_at DESC",
      parameters: [{ name: 'from', type: 'time', description: 'Start of the span of requested time.', default: '-7d' }],
    },
  });

// The schema reportName may come from a module that was loaded before zod had the method `openapi`. A schema made here
// certainly has it.
const nameToSave = z
  .string()
  .pipe(reportName)
  .openapi({ type: 'string', pattern: REPORT_NAME.source, description: 'Lower-case letters, digits and hyphens.' });

const saveRoute = createRoute({
  method: 'put',
  path: '/v1/reports/{name}',
  operationId: 'saveReport',
  tags: ['Reports'],
  summary: 'Save a report, or replace a saved one',
  description:
    'For the role sql. From then on any reader may run the report. Its SQL must be SQL that /v1/sql would run; wrong SQL is a 400 with the message of SQLite and the position. ' +
    'The name of a report that ships with ssm-archive, or that archive.yaml defines, is a 409.',
  request: {
    query: z.strictObject({}),
    params: z.object({ name: nameToSave }),
    body: { required: true, content: { 'application/json': { schema: bodySchema } } },
  },
  responses: {
    200: jsonResponse(reportSchema, 'The report replaced a saved one.'),
    201: {
      ...jsonResponse(reportSchema, 'The report is new.'),
      headers: z.object({ location: z.string().openapi({ description: 'The address that runs the report.' }) }),
    },
    ...problems(400, 401, 403, 409, 413, 422, 429, 504),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/v1/reports/{name}',
  operationId: 'deleteReport',
  tags: ['Reports'],
  summary: 'Delete a saved report',
  description: 'For the role sql. A report that ships with ssm-archive, or that archive.yaml defines, is a 409.',
  request: {
    query: z.strictObject({}),
    params: z.object({ name: text.openapi({ description: 'Name of the report.' }) }),
  },
  responses: { 204: { description: 'It was deleted.' }, ...problems(400, 401, 403, 404, 409) },
});

/** `PUT` and `DELETE /v1/reports/{name}`. The code that mounts them must let only the role `sql` through. */
export function addSavedReportRoutes(app: ApiApp, deps: ApiDeps): void {
  app.on('PUT', '/v1/reports/:name', requireJson);
  app.openapi(
    saveRoute,
    async (c) => {
      const { name } = c.req.valid('param');
      const report = { name, ...c.req.valid('json') };
      c.set('asked', { sql: report.sql, params: undefined, engine: report.engine ?? USUAL_ENGINE });
      await tryReport(deps.sql, report, readOptions(c, deps.sql.deadlineMs));
      const { isNew } = await saveReport(deps.reports, report);
      c.set('rows', 1);
      const view = reportView({ ...report, origin: 'saved' }, deps.reports);
      return isNew ? c.json(view, 201, { location: `/v1/reports/${name}` }) : c.json(view, 200);
    },
    (result, c) => (result.success ? undefined : problemOfParts(c, result.error)),
  );
  app.openapi(deleteRoute, async (c) => {
    await deleteReport(deps.reports, c.req.valid('param').name);
    return c.body(null, 204);
  });
}
