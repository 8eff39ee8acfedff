import { createRoute, z } from '@hono/zod-openapi';
import { listCommandRevisions } from '../../../archive/commands/command-states.ts';
import type { CommandKey } from '../../../archive/commands/shown-command.ts';
import { encodeCursor } from '../../../questions/cursor.ts';
import { answerList } from '../answers/answer-list.ts';
import { listFormOf, respondPage } from '../answers/respond-list.ts';
import { respondPages } from '../answers/respond-pages.ts';
import { jsonResponse, listResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { NotFound } from '../api-error.ts';
import { emptyMembers } from '../empty/empty-schema.ts';
import { asOf, cursor, filterParameters, limit, listForm, text } from '../parameters/parameters.ts';
import { readCursor } from '../parameters/read-cursor.ts';
import { readFilter } from '../parameters/read-filter.ts';
import { commandDetailSchema, commandRevisionSchema, commandSchema } from './command-schemas.ts';

const { account, region, documentName, requestedAfter, requestedBefore } = filterParameters;
const key = z.object({ accountId: text, region: text, commandId: text });
const position = z.tuple([z.string().nullable(), z.string(), z.string(), z.string()]);

const listRoute = createRoute({
  method: 'get',
  path: '/v1/commands',
  operationId: 'listCommands',
  tags: ['Commands'],
  summary: 'Commands, the newest first, with their nodes counted by status',
  request: {
    query: z.strictObject({
      ...{ account, region, documentName, requestedAfter, requestedBefore, asOf, limit, cursor },
      ...listForm,
    }),
  },
  responses: { 200: listResponse(commandSchema, emptyMembers), ...problems(400, 401, 403, 429, 504) },
});

const getRoute = createRoute({
  method: 'get',
  path: '/v1/commands/{accountId}/{region}/{commandId}',
  operationId: 'getCommand',
  tags: ['Commands'],
  summary:
    'One command on all of its nodes: nodes by status, times, steps, and the nodes whose output differs from the most common one',
  description:
    'With its parameters, targets and limits. If ListCommands has never shown it, only what its invocations show is known.',
  request: { params: key, query: z.strictObject({ asOf }) },
  responses: { 200: jsonResponse(commandDetailSchema, 'The command.'), ...problems(400, 401, 403, 404, 429, 504) },
});

const revisionsRoute = createRoute({
  method: 'get',
  path: '/v1/commands/{accountId}/{region}/{commandId}/revisions',
  operationId: 'listCommandRevisions',
  tags: ['Commands'],
  summary: 'Every state in which a command was seen, the oldest first, with what changed',
  request: { params: key, query: z.strictObject({ limit, cursor, ...listForm }) },
  responses: { 200: listResponse(commandRevisionSchema), ...problems(400, 401, 403, 404) },
});

/** Routes for commands: the list, one command in detail, and the states in which one was seen. */
export function addCommandRoutes(app: ApiApp, deps: ApiDeps): void {
  app.openapi(listRoute, (c) => {
    const { limit: size, cursor: given, format, csv, for: reader, asOf: at, ...typed } = c.req.valid('query');
    const filter = readFilter(typed, deps);
    const { account: accountId, ...rest } = filter;
    const query = { accountId, ...rest, asOf: at };
    const question = at === undefined ? ['commands', typed] : ['commands', typed, at];
    const after = readCursor(question, given, position);
    return answerList(
      c,
      deps,
      { format, csv, for: reader },
      {
        question,
        narrowed: { filter, isFirstPage: given === undefined, isPast: at !== undefined },
        exported: { list: 'commands', query },
        page: (options) => deps.readers.read('listCommands', { ...query, limit: size, after }, options),
      },
    );
  });

  app.openapi(getRoute, async (c) => {
    const asked = { ...c.req.valid('param'), asOf: c.req.valid('query').asOf };
    const found = await deps.readers.read('getCommand', asked, readOptions(c, deps.readDeadlineMs));
    if (!found) throw notFound(asked);
    c.set('rows', 1);
    return c.json(found);
  });

  app.openapi(revisionsRoute, (c) => {
    const { limit: size, cursor: given, format: wanted, csv, for: reader } = c.req.valid('query');
    const command = c.req.valid('param');
    const read = (most: number, after: number | undefined) =>
      listCommandRevisions(deps.archive, { key: command, limit: most, after });
    const question = ['commandRevisions', command];
    const after = readCursor(question, given, z.int());
    const { items, next } = read(size, after);
    if (items.length === 0 && after === undefined) throw notFound(command);
    const { format, csvForm } = listFormOf(c, { format: wanted, csv, for: reader });
    if (format !== 'json') {
      const columns = ['seq', 'leaf', 'observedAt', 'seenIn', 'changes', 'state'];
      return respondPages(c, { name: 'command-revisions', format, now: deps.now(), csvForm, columns, read });
    }
    return respondPage(c, { items, nextCursor: next === undefined ? undefined : encodeCursor(question, next) });
  });
}

function notFound({ accountId, region: place, commandId, asOf: at }: CommandKey & { asOf?: string | undefined }) {
  const when = at === undefined ? '' : ` at ${at}`;
  return new NotFound(
    `The archive has no command ${commandId} in ${accountId}, ${place}${when}. GET /v1/coverage says what is collected.`,
  );
}
