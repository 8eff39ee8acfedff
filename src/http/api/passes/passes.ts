import { createRoute, z } from '@hono/zod-openapi';
import { isAskedFor } from '../../../archive/coverage/sources/is-asked-for.ts';
import { withinSpan } from '../../../archive/coverage/within-span.ts';
import { OUTCOMES } from '../../../model/coverage/outcomes.ts';
import { noSpan } from '../../../questions/time/read-time.ts';
import { answerList } from '../answers/answer-list.ts';
import { listFormOf, respondShortList } from '../answers/respond-list.ts';
import { listResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { InvalidRequest } from '../api-error.ts';
import { coverageSchema } from '../coverage/coverage-schema.ts';
import { emptyMembers } from '../empty/empty-schema.ts';
import { neverSeenHeader, whyEmpty } from '../empty/why-empty.ts';
import { cursor, filterParameters, limit, listForm, time, wholeNumber } from '../parameters/parameters.ts';
import { readCursor } from '../parameters/read-cursor.ts';
import { readFilter } from '../parameters/read-filter.ts';
import { runSchema, sourceSchema, sweepSchema } from './run-schemas.ts';

const place = { account: filterParameters.account, region: filterParameters.region };
const outcome = z
  .enum(OUTCOMES)
  .optional()
  .openapi({ description: `${OUTCOMES.slice(0, -1).join(', ')} or ${OUTCOMES.at(-1)}.`, example: 'failed' });

const runsRoute = createRoute({
  method: 'get',
  path: '/v1/runs',
  operationId: 'listRuns',
  tags: ['Collecting'],
  summary: 'Passes of the collector, the newest first, with their sources',
  request: { query: z.strictObject({ outcome, limit, cursor, ...listForm }) },
  responses: { 200: listResponse(runSchema), ...problems(400, 401, 403, 429, 504) },
});

const sweepsRoute = createRoute({
  method: 'get',
  path: '/v1/sweeps',
  operationId: 'listSweeps',
  tags: ['Collecting'],
  summary: 'Sweeps, the single listings of passes, the newest first',
  request: {
    query: z.strictObject({
      runId: wholeNumber(1, Number.MAX_SAFE_INTEGER)
        .optional()
        .openapi({ type: 'integer', description: 'The number of the pass that the sweeps belong to.' }),
      ...{ ...place, outcome, limit, cursor },
      ...listForm,
    }),
  },
  responses: { 200: listResponse(sweepSchema, emptyMembers), ...problems(400, 401, 403, 429, 504) },
});

const sourcesRoute = createRoute({
  method: 'get',
  path: '/v1/sources',
  operationId: 'listSources',
  tags: ['Collecting'],
  summary: 'Accounts and regions that are owed or collected: how the last pass went, and what is not final',
  request: { query: z.strictObject({ ...listForm }) },
  responses: { 200: listResponse(sourceSchema), ...problems(400, 401, 403, 429, 504) },
});

const coverageRoute = createRoute({
  method: 'get',
  path: '/v1/coverage',
  operationId: 'readCoverage',
  tags: ['Collecting'],
  summary: 'For each account and region: which spans are completely collected, which are not, and why',
  description:
    '`complete` is true if all of the span (by default, everything after the first edge) is covered in every requested account and region, the span touches no edge, and the service forgot no command that may have run in it. It is false if no account and region matches, or if a source that may match is missing.',
  request: {
    query: z.strictObject({
      ...place,
      from: time.optional().openapi({ type: 'string', description: 'Inclusive.', example: '2026-03-01' }),
      to: time.optional().openapi({ type: 'string', description: 'Exclusive.', example: '2026-04-01' }),
      ...listForm,
    }),
  },
  responses: {
    200: listResponse(coverageSchema, { ...emptyMembers, complete: z.boolean() }),
    ...problems(400, 401, 403, 429, 504),
  },
});

/** Routes about what the collector has done and how complete the result is. */
export function addPassRoutes(app: ApiApp, deps: ApiDeps): void {
  app.openapi(runsRoute, (c) => {
    const { limit: size, cursor: given, format, csv, for: reader, ...query } = c.req.valid('query');
    const question = ['runs', query];
    const before = readCursor(question, given, z.int());
    return answerList(
      c,
      deps,
      { format, csv, for: reader },
      {
        question,
        exported: { list: 'runs', query },
        page: (options) => deps.readers.read('listRuns', { ...query, limit: size, before }, options),
      },
    );
  });

  app.openapi(sweepsRoute, (c) => {
    const { limit: size, cursor: given, format, csv, for: reader, account, region, ...rest } = c.req.valid('query');
    const filter = readFilter({ account, region }, deps);
    const query = { accountId: filter.account, region: filter.region, ...rest };
    const question = ['sweeps', query];
    const before = readCursor(question, given, z.int());
    return answerList(
      c,
      deps,
      { format, csv, for: reader },
      {
        question,
        narrowed: { filter, isFirstPage: given === undefined },
        exported: { list: 'sweeps', query },
        page: (options) => deps.readers.read('listSweeps', { ...query, limit: size, before }, options),
      },
    );
  });

  app.openapi(sourcesRoute, async (c) => {
    const asked = c.req.valid('query');
    const nowMs = deps.now().getTime();
    const items = await deps.readers.read('readSources', { nowMs }, readOptions(c, deps.readDeadlineMs));
    const form = { ...listFormOf(c, asked), now: deps.now() };
    return respondShortList(c, items, { ...form, name: 'sources', columns: Object.keys(sourceSchema.shape) });
  });

  app.openapi(coverageRoute, async (c) => {
    const { account, region, from, to, ...asked } = c.req.valid('query');
    const filter = { ...readFilter({ account, region }, deps), requestedAfter: from, requestedBefore: to };
    if (from !== undefined && to !== undefined && from >= to) {
      const message = noSpan({ name: 'from', at: from }, { name: 'to', at: to });
      throw new InvalidRequest([{ field: 'to', message }]);
    }
    const query = {
      nowMs: deps.now().getTime(),
      settlingMs: deps.settlingMs,
      ...(from !== undefined && { from: Date.parse(from) }),
      ...(to !== undefined && { to: Date.parse(to) }),
    };
    const all = await deps.readers.read('readCoverage', query, readOptions(c, deps.readDeadlineMs));
    const ofPlace = all.filter((item) => isAskedFor(item, { accountId: filter.account, region: filter.region }));
    const items = withinSpan(ofPlace, query);
    const form = { ...listFormOf(c, asked), now: deps.now() };
    if (form.format !== 'json') await neverSeenHeader(c, deps, filter);
    return respondShortList(c, items, {
      ...(await whyEmpty(c, deps, { filter, items })),
      ...{ ...form, name: 'coverage', columns: Object.keys(coverageSchema.shape) },
      complete: items.length > 0 && items.every(({ isComplete }) => isComplete),
    });
  });
}
