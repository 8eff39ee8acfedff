import { createRoute, z } from '@hono/zod-openapi';
import { answerList } from '../answers/answer-list.ts';
import { jsonResponse, listResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { NotFound } from '../api-error.ts';
import { emptyMembers } from '../empty/empty-schema.ts';
import { cursor, filterParameters, limit, listForm, text } from '../parameters/parameters.ts';
import { readCursor } from '../parameters/read-cursor.ts';
import { readFilter } from '../parameters/read-filter.ts';
import { commandDetailSchema, commandSchema } from './view-schemas.ts';

const { account, region, documentName, requestedAfter, requestedBefore } = filterParameters;
const position = z.tuple([z.string().nullable(), z.string(), z.string(), z.string()]);

const listRoute = createRoute({
  method: 'get',
  path: '/v1/commands',
  operationId: 'listCommands',
  tags: ['Commands'],
  summary: 'Commands, the newest first, with their nodes counted by status',
  request: {
    query: z.strictObject({
      ...{ account, region, documentName, requestedAfter, requestedBefore, limit, cursor },
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
  request: { params: z.object({ accountId: text, region: text, commandId: text }), query: z.strictObject({}) },
  responses: { 200: jsonResponse(commandDetailSchema, 'The command.'), ...problems(400, 401, 403, 404, 429, 504) },
});

/** Routes for commands: the list, and one command in detail. */
export function addCommandRoutes(app: ApiApp, deps: ApiDeps): void {
  app.openapi(listRoute, (c) => {
    const { limit: size, cursor: given, format, csv, for: reader, ...typed } = c.req.valid('query');
    const filter = readFilter(typed, deps);
    const { account: accountId, ...rest } = filter;
    const query = { accountId, ...rest };
    const question = ['commands', typed];
    const after = readCursor(question, given, position);
    return answerList(
      c,
      deps,
      { format, csv, for: reader },
      {
        question,
        narrowed: { filter, isFirstPage: given === undefined },
        exported: { list: 'commands', query },
        page: (options) => deps.readers.read('listCommands', { ...query, limit: size, after }, options),
      },
    );
  });

  app.openapi(getRoute, async (c) => {
    const key = c.req.valid('param');
    const found = await deps.readers.read('getCommand', key, readOptions(c, deps.readDeadlineMs));
    if (!found) {
      const { accountId, region: place, commandId } = key;
      throw new NotFound(`The archive has no command ${commandId} in ${accountId}, ${place}.`);
    }
    c.set('rows', 1);
    return c.json(found);
  });
}
