import { createRoute, z } from '@hono/zod-openapi';
import type { InvocationKey } from '../../../archive/invocations/get-invocation.ts';
import type { FoundOutput } from '../../../archive/outputs/find-output-text.ts';
import { sayUnfetched } from '../../../archive/outputs/say-unfetched.ts';
import { PROVENANCES, STREAMS } from '../../../model/outputs/full-output.ts';
import { findOutputWhole, readInvocationWhole } from '../../../processes/pool/read-here-or-sealed.ts';
import { respondOutputText } from '../answers/respond-output-text.ts';
import { bytesResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiContext, type ApiDeps, readOptions } from '../api-deps.ts';
import { InvalidRequest, NotFound } from '../api-error.ts';
import { text, wholeNumber } from '../parameters/parameters.ts';

/** The listing has both streams of a step in one text, which is the member `output` of the step. */
const LISTED = 'output';
const NAMES = [LISTED, ...STREAMS] as const;
const FROM = ['list', ...PROVENANCES] as const;
const MOST_POSITION = 999_999;

const params = z.object({
  ...{ accountId: text, region: text, commandId: text, instanceId: text },
  position: wholeNumber(0, MOST_POSITION).openapi({
    ...{ type: 'integer', minimum: 0, description: 'The `position` of the step, from 0.' },
  }),
  stream: z.enum(NAMES, `must be ${NAMES.join(', ')}`).openapi({
    description: '`output`: both streams as the listing showed them; `stdout` or `stderr`: what was fetched of it.',
  }),
});

const query = z.strictObject({
  provenance: z
    .enum(FROM, `must be given once, and be ${FROM.join(', ')}`)
    .optional()
    .openapi({
      description:
        'Where it comes from: `list` for `output`; `get`, `logs` or `s3` for `stdout` and `stderr`, of which the longest is the default.',
    }),
});

const route = createRoute({
  method: 'get',
  path: '/v1/invocations/{accountId}/{region}/{commandId}/{instanceId}/steps/{position}/outputs/{stream}',
  operationId: 'getOutput',
  tags: ['Invocations'],
  summary: 'The text of one output, whole',
  description:
    'Streamed as UTF-8, with everything that is in it: characters that control a terminal too. fullOutputs of the invocation says what there is.',
  request: { params, query },
  responses: {
    200: bytesResponse('text/plain', 'filesystem at 91%\n', 'The text.'),
    ...problems(400, 401, 403, 404, 429, 504),
  },
});

/** The route for the text of one output: what the listing showed of a step, or what was fetched of one of its streams. */
export function addOutputRoute(app: ApiApp, deps: ApiDeps): void {
  app.openapi(route, async (c) => {
    const { position, stream, ...key } = c.req.valid('param');
    const { provenance } = c.req.valid('query');
    const options = readOptions(c, deps.readDeadlineMs);
    if (stream === LISTED) {
      if (provenance !== undefined && provenance !== 'list')
        throw mixed('get, logs and s3 have stdout and stderr apart');
      const found = await findOutputWhole(deps, { key, position, stream }, options);
      if (found.state !== 'kept') throw await notThere(c, deps, key, { position, stream, found });
      return respondOutputText(c, deps, found.text);
    }
    if (provenance === 'list') throw mixed('the listing has both streams in one: ask for outputs/output');
    const found = await findOutputWhole(deps, { key, position, stream, provenance }, options);
    if (found.state !== 'kept') throw await notThere(c, deps, key, { position, stream, provenance, found });
    return respondOutputText(c, deps, found.text);
  });
}

function mixed(message: string): InvalidRequest {
  return new InvalidRequest([{ field: 'provenance', message }]);
}

interface Missing {
  position: number;
  stream: (typeof NAMES)[number];
  provenance?: string | undefined;
  found: FoundOutput;
}

async function notThere(
  c: ApiContext,
  deps: ApiDeps,
  key: InvocationKey,
  { position, stream, provenance, found }: Missing,
): Promise<NotFound> {
  const { accountId, region, commandId, instanceId } = key;
  const ofStep = `step ${position} of command ${commandId} on ${instanceId} in ${accountId}, ${region}`;
  if (found.state === 'no step') return new NotFound(`The archive has no ${ofStep}. Steps are counted from 0.`);
  if (found.state === 'pruned') return new NotFound(`The text was kept, and was pruned since: ${stream} of ${ofStep}.`);
  if (stream === LISTED) return new NotFound(`The service sent no output for ${ofStep}.`);
  const from = provenance === undefined ? '' : ` from ${provenance}`;
  const whole = await readInvocationWhole(deps, { key }, readOptions(c, deps.readDeadlineMs));
  const reasons = (whole?.outputs.unfetched ?? [])
    .filter((one) => one.position === position && (provenance === undefined || one.provenance === provenance))
    .map((one) => sayUnfetched(one, deps.fullOutputs));
  return new NotFound(
    [
      `Nothing was fetched${from} of ${stream} of ${ofStep}.`,
      ...reasons,
      'outputs/output has what the listing showed.',
    ].join(' '),
  );
}
