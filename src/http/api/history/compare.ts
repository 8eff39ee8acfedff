import { createRoute, z } from '@hono/zod-openapi';
import type { InvocationKey } from '../../../archive/invocations/get-invocation.ts';
import { jsonResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { NotFound } from '../api-error.ts';
import { text } from '../parameters/parameters.ts';
import { comparisonSchema } from './view-schemas.ts';

const EXAMPLE = '111122223333/eu-west-1/11111111-2222-4333-8444-555555555555/i-0123456789abcdef0';
const FORM = `must be accountId/region/commandId/instanceId, such as ${EXAMPLE}`;

const left = text.transform((value, context): InvocationKey => {
  const key = parseInvocationKey(value);
  if (key) return key;
  context.addIssue(FORM);
  return z.NEVER;
});
const right = text.transform((value, context): InvocationKey | 'previous' => {
  const key = value === 'previous' ? value : parseInvocationKey(value);
  if (key) return key;
  context.addIssue(`${FORM}; or previous`);
  return z.NEVER;
});

const compareRoute = createRoute({
  method: 'get',
  path: '/v1/compare',
  operationId: 'compareInvocations',
  tags: ['Invocations'],
  summary: 'What differs between two invocations: members, and outputs line by line',
  request: {
    query: z.strictObject({
      left: left.openapi({ type: 'string', description: 'accountId/region/commandId/instanceId.', example: EXAMPLE }),
      right: right.openapi({
        type: 'string',
        description:
          'The right invocation in the same form; or `previous` for the run before the left one, of the same document on the same node.',
        example: 'previous',
      }),
    }),
  },
  responses: { 200: jsonResponse(comparisonSchema, 'The differences.'), ...problems(400, 401, 403, 404, 429, 504) },
});

/** `GET /v1/compare`. */
export function addCompareRoute(app: ApiApp, deps: ApiDeps): void {
  app.openapi(compareRoute, async (c) => {
    const query = c.req.valid('query');
    const answer = await deps.readers.read('readComparison', query, readOptions(c, deps.readDeadlineMs));
    if ('missing' in answer) {
      if (answer.missing === 'right' && query.right === 'previous') {
        throw new NotFound('The archive has no earlier run of that document on that node.');
      }
      throw new NotFound(`The archive has no invocation with the key given as ${answer.missing}.`);
    }
    c.set('rows', 1);
    return c.json(answer);
  });
}

function parseInvocationKey(value: string): InvocationKey | undefined {
  const [accountId, region, commandId, instanceId, ...more] = value.split('/');
  if (!accountId || !region || !commandId || !instanceId || more.length > 0) return undefined;
  return { accountId, region, commandId, instanceId };
}
