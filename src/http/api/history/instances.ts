import { createRoute, z } from '@hono/zod-openapi';
import { documentsWholeFrom } from '../../../archive/nodes/list-documents.ts';
import { wholeFrom } from '../../../archive/sealed/whole-from.ts';
import { encodeCursor } from '../../../questions/cursor.ts';
import { answerList } from '../answers/answer-list.ts';
import { respondPage } from '../answers/respond-list.ts';
import { jsonResponse, listResponse, problems } from '../answers/responses.ts';
import { wholeFromMember } from '../answers/whole-from-member.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { NotFound } from '../api-error.ts';
import { emptyMembers } from '../empty/empty-schema.ts';
import { cursor, filterParameters, limit, listForm, text } from '../parameters/parameters.ts';
import { readCursor } from '../parameters/read-cursor.ts';
import { readFilter } from '../parameters/read-filter.ts';
import { documentSchema, instanceDetailSchema, instanceSchema } from './view-schemas.ts';

const place = { account: filterParameters.account, region: filterParameters.region };

const instancesRoute = createRoute({
  method: 'get',
  path: '/v1/instances',
  operationId: 'listInstances',
  tags: ['Nodes and documents'],
  summary: 'Managed nodes by id, with their invocations counted by status',
  request: { query: z.strictObject({ ...place, limit, cursor, ...listForm }) },
  responses: {
    200: listResponse(instanceSchema, { ...emptyMembers, ...wholeFromMember }),
    ...problems(400, 401, 403, 429, 504),
  },
});

const instanceRoute = createRoute({
  method: 'get',
  path: '/v1/instances/{accountId}/{region}/{instanceId}',
  operationId: 'getInstance',
  tags: ['Nodes and documents'],
  summary: "One node's history: the names it has had, what ran on it, and its newest invocations",
  description: '/v1/invocations?account=…&region=…&instanceId=… has all invocations of the node.',
  request: {
    params: z.object({ accountId: text, region: text, instanceId: text }),
    query: z.strictObject({ limit, cursor }),
  },
  responses: {
    200: jsonResponse(instanceDetailSchema.extend(wholeFromMember), 'The node.'),
    ...problems(400, 401, 403, 404, 429, 504),
  },
});

const documentsRoute = createRoute({
  method: 'get',
  path: '/v1/documents',
  operationId: 'listDocuments',
  tags: ['Nodes and documents'],
  summary: 'Documents by name, with their invocations counted by status',
  request: { query: z.strictObject({ ...place, limit, cursor, ...listForm }) },
  responses: {
    200: listResponse(documentSchema, { ...emptyMembers, ...wholeFromMember }),
    ...problems(400, 401, 403, 429, 504),
  },
});

/** Routes for managed nodes, on which commands ran, and for the documents that these commands named. */
export function addInstanceRoutes(app: ApiApp, deps: ApiDeps): void {
  app.openapi(instancesRoute, (c) => {
    const { limit: size, cursor: given, format, csv, for: reader, account, region } = c.req.valid('query');
    const filter = readFilter({ account, region }, deps);
    const query = { accountId: filter.account, region: filter.region };
    const question = ['instances', query];
    const after = readCursor(question, given, z.tuple([z.string(), z.string(), z.string()]));
    return answerList(
      c,
      deps,
      { format, csv, for: reader },
      {
        question,
        narrowed: { filter, isFirstPage: given === undefined },
        exported: { list: 'instances', query },
        wholeFrom: () => wholeFrom(deps.archive),
        page: (options) => deps.readers.read('listInstances', { ...query, limit: size, after }, options),
      },
    );
  });

  app.openapi(instanceRoute, async (c) => {
    const key = c.req.valid('param');
    const { limit: size, cursor: given } = c.req.valid('query');
    const question = ['instance', key];
    const after = readCursor(question, given, z.tuple([z.string().nullable(), z.int()]));
    const found = await deps.readers.read(
      'getInstance',
      { key, limit: size, after },
      readOptions(c, deps.readDeadlineMs),
    );
    if (!found) {
      throw new NotFound(`The archive has no node ${key.instanceId} in ${key.accountId}, ${key.region}.`);
    }
    const { next, ...detail } = found;
    return respondPage(c, {
      wholeFrom: wholeFrom(deps.archive),
      ...detail,
      nextCursor: next && encodeCursor(question, next),
    });
  });

  app.openapi(documentsRoute, (c) => {
    const { limit: size, cursor: given, format, csv, for: reader, account, region } = c.req.valid('query');
    const filter = readFilter({ account, region }, deps);
    const query = { accountId: filter.account, region: filter.region };
    const question = ['documents', query];
    const after = readCursor(question, given, z.string());
    return answerList(
      c,
      deps,
      { format, csv, for: reader },
      {
        question,
        narrowed: { filter, isFirstPage: given === undefined },
        exported: { list: 'documents', query },
        wholeFrom: () => documentsWholeFrom(deps.archive, query),
        page: (options) => deps.readers.read('listDocuments', { ...query, limit: size, after }, options),
      },
    );
  });
}
