import { createRoute, z } from '@hono/zod-openapi';
import { type ListingQuery, listInvocations } from '../../../archive/invocations/list-invocations.ts';
import { listRevisions } from '../../../archive/invocations/list-revisions.ts';
import { isBoundedListing } from '../../../archive/invocations/plan-listing.ts';
import { isHere } from '../../../archive/whole/connection-with.ts';
import { isWholeHere } from '../../../archive/whole/is-whole-here.ts';
import { readInvocationWhole } from '../../../processes/pool/read-here-or-sealed.ts';
import { encodeCursor } from '../../../questions/cursor.ts';
import { listFormOf, respondDownload, respondPage } from '../answers/respond-list.ts';
import { respondPages } from '../answers/respond-pages.ts';
import { respondUnchanging } from '../answers/respond-unchanging.ts';
import { jsonResponse, listResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { NotFound } from '../api-error.ts';
import { emptyMembers } from '../empty/empty-schema.ts';
import { neverSeenHeader, whyEmpty } from '../empty/why-empty.ts';
import { asOf, cursor, filterParameters, limit, listForm, text } from '../parameters/parameters.ts';
import { readCursor } from '../parameters/read-cursor.ts';
import { readFilter } from '../parameters/read-filter.ts';
import { fullOutputOf, unfetchedOutputOf, wholeInvocationSchema } from './output-schemas.ts';
import { invocationSchema, revisionSchema } from './view-schemas.ts';

/**
 * A page with more items than this takes so long to read that a separate reading process reads it, not the server's own
 * process.
 */
const MOST_ROWS_HERE = 100;

const includes = z
  .string('must be given once')
  .transform((value, context) => {
    const parts = value.split(',');
    if (parts.every((part) => part === 'plugins' || part === 'outputs')) return parts;
    context.addIssue(`must be plugins, outputs or both separated by a comma, not "${value.slice(0, 40)}"`);
    return z.NEVER;
  })
  .optional()
  .openapi({
    type: 'string',
    description: '`plugins`: the steps; `outputs`: the steps with their outputs.',
    example: 'plugins,outputs',
  });

const listQuery = z.strictObject({
  ...filterParameters,
  asOf,
  sort: z.enum(['requestedAt', '-requestedAt', 'changedAt', '-changedAt']).default('-requestedAt'),
  include: includes,
  limit,
  cursor,
  ...listForm,
});
const position = z.tuple([z.string().nullable(), z.int()]);
const key = z.object({ accountId: text, region: text, commandId: text, instanceId: text });

const listRoute = createRoute({
  method: 'get',
  path: '/v1/invocations',
  operationId: 'listInvocations',
  tags: ['Invocations'],
  summary: 'Find invocations',
  description:
    'An invocation must match all filters. While new invocations arrive, pages neither skip nor repeat any. In a list sorted by changedAt, an invocation moves when it changes: to follow changes, sort ascending with changedAfter; for a list that does not change, give asOf.',
  request: { query: listQuery },
  responses: { 200: listResponse(invocationSchema, emptyMembers), ...problems(400, 401, 403, 422, 429, 504) },
});

const getRoute = createRoute({
  method: 'get',
  path: '/v1/invocations/{accountId}/{region}/{commandId}/{instanceId}',
  operationId: 'getInvocation',
  tags: ['Invocations'],
  summary: 'One invocation in full, with steps and outputs',
  request: { params: key, query: z.strictObject({ asOf }) },
  responses: { 200: jsonResponse(wholeInvocationSchema, 'The invocation.'), ...problems(400, 401, 403, 404, 429, 504) },
});

const revisionsRoute = createRoute({
  method: 'get',
  path: '/v1/invocations/{accountId}/{region}/{commandId}/{instanceId}/revisions',
  operationId: 'listRevisions',
  tags: ['Invocations'],
  summary: 'Every state in which an invocation was seen, the oldest first, with what changed',
  request: { params: key, query: z.strictObject({ limit, cursor, ...listForm }) },
  responses: { 200: listResponse(revisionSchema), ...problems(400, 401, 403, 404, 429, 504) },
});

/** Routes for invocations: the list with filters, one invocation in full, and all states of one invocation. */
export function addInvocationRoutes(app: ApiApp, deps: ApiDeps): void {
  app.openapi(listRoute, async (c) => {
    const {
      limit: size,
      cursor: given,
      format: wanted,
      csv,
      for: reader,
      sort,
      include,
      asOf: at,
      ...parameters
    } = c.req.valid('query');
    const filter = readFilter(parameters, deps);
    const isDescending = sort.startsWith('-');
    const query: Omit<ListingQuery, 'limit' | 'after'> = {
      filter,
      sort: sort === 'requestedAt' || sort === '-requestedAt' ? 'requestedAt' : 'changedAt',
      isDescending,
      include: include?.includes('outputs') ? 'outputs' : include ? 'plugins' : 'none',
      asOf: at,
    };
    const { format, csvForm } = listFormOf(c, { format: wanted, csv, for: reader });
    if (format !== 'json') {
      await neverSeenHeader(c, deps, filter);
      const input = { ...query, format, csvForm };
      const { body, rows } = await deps.readers.stream(
        'exportInvocations',
        input,
        readOptions(c, deps.exportDeadlineMs),
      );
      c.set('rows', rows);
      return respondDownload(c, body, { name: 'invocations', format, csvForm, now: deps.now() });
    }
    const question = ['invocations', parameters, sort, at];
    const paged = { ...query, limit: size, after: readCursor(question, given, position) };
    const isBounded = at === undefined && size <= MOST_ROWS_HERE && isBoundedListing(filter, query.sort);
    const here = isBounded ? listInvocations(deps.archive, paged) : undefined;
    const { items, next } =
      here && isWholeHere(deps.archive, paged, here.next)
        ? here
        : await deps.readers.read('listInvocations', paged, readOptions(c, deps.readDeadlineMs));
    // Only the present coverage is known. A span that is covered now may not have been covered at the past moment.
    const { neverSeen, coverage } = await whyEmpty(c, deps, { filter, items, isFirstPage: given === undefined });
    const why = at === undefined ? { neverSeen, coverage } : { neverSeen };
    return respondPage(c, { ...why, items, nextCursor: next && encodeCursor(question, next) });
  });

  app.openapi(getRoute, async (c) => {
    const { asOf: at } = c.req.valid('query');
    const asked = { key: c.req.valid('param'), asOf: at };
    const found = await readInvocationWhole(deps, asked, readOptions(c, deps.readDeadlineMs));
    if (!found) throw notFound(c.req.valid('param'), at);
    const { invocation, outputs } = found;
    const { fetched, unfetched } = outputs;
    const whole = {
      ...invocation,
      fullOutputs: fetched.map(fullOutputOf),
      unfetchedOutputs: unfetched.map((one) => unfetchedOutputOf(one, deps.fullOutputs)),
    };
    // What happens to outputs later has no time of its own, so that only the ETag tells whether something changed.
    const isSettled = fetched.length === 0 && unfetched.length === 0;
    return respondUnchanging(c, whole, isSettled ? invocation.changedAt : undefined);
  });

  app.openapi(revisionsRoute, async (c) => {
    const { limit: size, cursor: given, format: wanted, csv, for: reader } = c.req.valid('query');
    const params = c.req.valid('param');
    const read = async (most: number, after: number | undefined) => {
      const asked = { key: params, limit: most, after };
      const found = isHere(deps.archive, params)
        ? listRevisions(deps.archive, asked)
        : await deps.readers.read('listRevisions', asked, readOptions(c, deps.readDeadlineMs));
      if (!found) throw notFound(params, undefined);
      return found;
    };
    const question = ['revisions', params];
    const { items, next } = await read(size, readCursor(question, given, z.int()));
    const { format, csvForm } = listFormOf(c, { format: wanted, csv, for: reader });
    if (format !== 'json') {
      const columns = ['seq', 'leaf', 'observedAt', 'changes', 'state'];
      return respondPages(c, { name: 'revisions', format, now: deps.now(), csvForm, columns, read });
    }
    const body = { items, ...(next !== undefined && { nextCursor: encodeCursor(question, next) }) };
    // A full page without a nextCursor may get one later. Last-Modified, the time of its last state, would not show
    // that.
    const changedAt = items.length < size ? items.at(-1)?.observedAt : undefined;
    c.header('vary', 'Accept');
    return respondUnchanging(c, body, changedAt, items.length);
  });
}

function notFound(
  { accountId, region, commandId, instanceId }: z.output<typeof key>,
  at: string | undefined,
): NotFound {
  const when = at === undefined ? '' : ` at ${at}`;
  return new NotFound(
    `The archive has no invocation of command ${commandId} on ${instanceId} in ${accountId}, ${region}${when}. GET /v1/coverage says what is collected.`,
  );
}
