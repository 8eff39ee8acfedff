import { createRoute, z } from '@hono/zod-openapi';
import { STATS_GROUPS, type StatsGroup, statsWholeFrom } from '../../../archive/figures/read-stats.ts';
import { nearNames, proposalOf } from '../../../lib/words/near-names.ts';
import { listFormOf, respondShortList } from '../answers/respond-list.ts';
import { listResponse, problems } from '../answers/responses.ts';
import { wholeFromHeader, wholeFromMember } from '../answers/whole-from-member.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { emptyMembers } from '../empty/empty-schema.ts';
import { neverSeenHeader, whyEmpty } from '../empty/why-empty.ts';
import { filterParameters, flag, listForm } from '../parameters/parameters.ts';
import { readFilter } from '../parameters/read-filter.ts';

const DURATIONS = ['p50Ms', 'p95Ms', 'maxMs'];

const groupBy = z
  .string('is needed once: one or two of the groups, separated by a comma')
  .transform((value, context) => {
    const names = value.split(',');
    const groups = STATS_GROUPS.filter((group) => names.includes(group));
    if (groups.length === names.length && names.length <= 2) return names.flatMap((name) => groupNamed(name) ?? []);
    const unknown = names.find((name) => groupNamed(name) === undefined);
    const near = unknown === undefined ? '' : proposalOf(nearNames(unknown, STATS_GROUPS));
    context.addIssue(
      `must be one or two different groups of ${STATS_GROUPS.join(', ')}, separated by a comma, not "${value.slice(0, 60)}"${near && `.${near}`}`,
    );
    return z.NEVER;
  })
  .openapi({ type: 'string', description: `One or two of: ${STATS_GROUPS.join(', ')}.`, example: 'day,status' });

const nullable = z.string().nullable().optional();
const statsRow = z
  .object({
    ...Object.fromEntries(STATS_GROUPS.map((group) => [group, nullable])),
    count: z.int(),
    skipped: z.int().optional(),
    p50Ms: z.int().nullable().optional(),
    p95Ms: z.int().nullable().optional(),
    maxMs: z.int().nullable().optional(),
  })
  .openapi('StatsRow', { example: { day: '2026-03-01', status: 'Success', count: 1204 } });

const statsRoute = createRoute({
  method: 'get',
  path: '/v1/stats',
  operationId: 'readStats',
  tags: ['Statistics'],
  summary: 'Invocations counted by one or two groups',
  description:
    'Times are in UTC; weeks are those of ISO 8601 (2026-W09). With the group plugin, the counts are of steps: `count` is how many ran, `skipped` how many the agent skipped, which the service shows as Success. With durations, each group also has the p50, the p95 (as percentile_cont in SQL) and the longest duration of the steps that ran, in milliseconds.',
  request: {
    query: z.strictObject({
      groupBy,
      ...filterParameters,
      durations: flag
        .default(false)
        .openapi({ type: 'boolean', description: 'Adds p50Ms, p95Ms and maxMs of the steps.' }),
      ...listForm,
    }),
  },
  responses: {
    200: listResponse(statsRow, { ...emptyMembers, ...wholeFromMember }),
    ...problems(400, 401, 403, 429, 504),
  },
});

/** Adds the route for statistics. It takes the same filters as the list of invocations. */
export function addStatsRoute(app: ApiApp, deps: ApiDeps): void {
  app.openapi(statsRoute, async (c) => {
    const { groupBy: groups, durations, format, csv, for: reader, ...parameters } = c.req.valid('query');
    const filter = readFilter(parameters, deps);
    const query = { filter, groupBy: groups, withDurations: durations };
    deps.lakeAlone?.refuseUncounted(query);
    const items = await deps.readers.read('readStats', query, readOptions(c, deps.readDeadlineMs));
    const form = listFormOf(c, { format, csv, for: reader });
    const wholeFrom = statsWholeFrom(deps.archive, query);
    if (form.format !== 'json') wholeFromHeader(c, wholeFrom);
    if (form.format !== 'json') await neverSeenHeader(c, deps, filter);
    return respondShortList(c, items, {
      ...form,
      ...(await whyEmpty(c, deps, { filter, items })),
      wholeFrom,
      name: 'stats',
      now: deps.now(),
      columns: [...groups, 'count', ...(groups.includes('plugin') ? ['skipped'] : []), ...(durations ? DURATIONS : [])],
    });
  });
}

function groupNamed(name: string): StatsGroup | undefined {
  return STATS_GROUPS.find((group) => group === name);
}
