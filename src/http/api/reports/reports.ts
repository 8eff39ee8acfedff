import { createRoute, z } from '@hono/zod-openapi';
import { statusValues } from '../../../archive/values/status-values.ts';
import { bindReport } from '../../../questions/reports/bind-report.ts';
import type { Report } from '../../../questions/reports/report.ts';
import { type SqlEngine, USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import { enginesOfReport } from '../../../reports/engines-of-report.ts';
import { findReport } from '../../../reports/find-report.ts';
import { listReports } from '../../../reports/list-reports.ts';
import { toSqlParams } from '../../../reports/to-sql-params.ts';
import { neededByReport } from '../../../reports/whole-from-of-report.ts';
import { listFormOf, respondShortList, sqlFormOf } from '../answers/respond-list.ts';
import { listResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import type { ApiContext, ApiDeps } from '../api-deps.ts';
import { InvalidRequest } from '../api-error.ts';
import { explainReport } from '../empty/explain-report.ts';
import { NEVER_SEEN_HEADER } from '../empty/why-empty.ts';
import { listForm, text } from '../parameters/parameters.ts';
import { answerSql } from '../sql/answer-sql.ts';
import { boundsForm, sqlForm, sqlResponse } from '../sql/sql-result.ts';
import { reportSchema, reportView } from './report-schema.ts';

/**
 * A header of downloads, as for lists. It names the parameters whose value the archive has never seen, separated by
 * commas.
 */

const listRoute = createRoute({
  method: 'get',
  path: '/v1/reports',
  operationId: 'listReports',
  tags: ['Reports'],
  summary: 'All reports (questions with a name) and their parameters',
  description: 'The reports that ship with ssm-archive, those of archive.yaml, and saved ones.',
  request: { query: z.strictObject({ ...listForm }) },
  responses: { 200: listResponse(reportSchema), ...problems(400, 401, 403) },
});

const runForm = { ...boundsForm, ...sqlForm };

const runRoute = createRoute({
  method: 'get',
  path: '/v1/reports/{name}',
  operationId: 'runReport',
  tags: ['Reports'],
  summary: 'Run a report',
  description:
    'The parameters of the report are query parameters, with the names that /v1/reports shows: `/v1/reports/what-ran?from=-7d&node=i-0123456789abcdef0`. ' +
    'A parameter that the report does not have, or a value that is not of its type, is a 400. The answer has the form of /v1/sql; `neverSeen` has the values that the archive has never seen, ' +
    'with their parameters and similar values. If there are no rows, `coverage` says how much of the span is covered. A download names these parameters in the header x-ssm-archive-never-seen.',
  // Each report has parameters of its own, so only the handler knows their names.
  parameters: [
    {
      name: 'parameters',
      in: 'query',
      style: 'form',
      explode: true,
      description:
        "The report's own parameters, each by its own name: `from=-7d&node=…`. For a parameter that is left out, its default is used.",
      schema: { type: 'object', additionalProperties: { type: 'string' } },
      example: { from: '-7d' },
    },
  ],
  request: {
    params: z.object({ name: text.openapi({ description: 'Name of the report.', example: 'what-ran' }) }),
    query: z.looseObject(runForm),
  },
  responses: { 200: sqlResponse, ...problems(400, 401, 403, 404, 422, 429, 504) },
});

/**
 * `GET /v1/reports` and `GET /v1/reports/{name}`, for any role: the SQL of a report was checked when the report was
 * defined.
 */
export function addReportRoutes(app: ApiApp, deps: ApiDeps): void {
  app.openapi(listRoute, async (c) => {
    const asked = c.req.valid('query');
    const items = (await listReports(deps.reports)).map((report) => reportView(report, deps.reports));
    const form = { ...listFormOf(c, asked), now: deps.now() };
    return respondShortList(c, items, { ...form, name: 'reports', columns: Object.keys(reportSchema.shape) });
  });

  app.openapi(runRoute, async (c) => {
    const { name } = c.req.valid('param');
    const { limit, timeoutMs, ...form } = c.req.valid('query');
    const report = await findReport(deps.reports, name);
    const values = bindReport(report, givenIn(c), deps.now(), () => statusValues(deps.archive));
    const engine = engineOf(report, deps);
    const asked = { sql: report.sql, engine, params: toSqlParams(values), timeoutMs, limit, name };
    const asForm = sqlFormOf(c, form);
    if (asForm.format !== 'json' && !deps.lakeAlone) {
      const { neverSeen = [] } = await explainReport(c, deps, { report, values });
      // A download has only rows, so a header names the parameters with unknown values.
      if (neverSeen.length > 0) c.header(NEVER_SEEN_HEADER, neverSeen.map(({ parameter }) => parameter).join(', '));
    }
    // What the archives have ever seen is not in a lake.
    const more = deps.lakeAlone
      ? undefined
      : (rows: number | undefined) => explainReport(c, deps, { report, values, rows });
    return answerSql(c, deps, { ...asked, ...asForm, more, needs: neededByReport(report, asked.params) });
  });
}

/** A report that names no engine is one of the archive's own. Without an archive, the lake runs it if it means the same there. */
function engineOf(report: Report, { lakeAlone }: ApiDeps): SqlEngine {
  if (lakeAlone && enginesOfReport(report).includes('lake')) return 'lake';
  return report.engine ?? USUAL_ENGINE;
}

/** The parameters in the address that belong to the report itself. */
function givenIn(c: ApiContext): Record<string, string> {
  const given = [...new URL(c.req.url).searchParams].filter(([name]) => !Object.hasOwn(runForm, name));
  const names = given.map(([name]) => name);
  const repeated = [...new Set(names.filter((name, i) => names.indexOf(name) < i))];
  if (repeated.length > 0)
    throw new InvalidRequest(repeated.map((field) => ({ field, message: 'must be given once' })));
  return Object.fromEntries(given);
}
