import { createRoute, z } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import { type Passes, PassesStopped } from '../../../model/coverage/passes.ts';
import { problemSchema } from '../answers/problem-schema.ts';
import { problems } from '../answers/responses.ts';
import { type ApiApp, newApiApp } from '../api-app.ts';
import { passSchema } from './pass-schema.ts';
import { streamPass } from './stream-pass.ts';

const HEARTBEAT_MS = 15_000;
const PROBLEM = { 'content-type': 'application/problem+json' };

const problem = (description: string, example: z.input<typeof problemSchema>) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema, example } },
});
const STOPPING = { type: 'about:blank', title: 'Stopping', status: 503, detail: 'The server is stopping.' };
const UNKNOWN = { type: 'about:blank', title: 'Not found', status: 404, detail: 'There is no pass "run-99".' };

const startRoute = createRoute({
  method: 'post',
  path: '/v1/ingest',
  operationId: 'startPass',
  tags: ['Collecting'],
  summary: 'Start a pass of the collector',
  description:
    'A pass lists everything that is not in the archive yet, from every source. One pass runs at a time. Only operators may start one.',
  request: { query: z.strictObject({}) },
  responses: {
    ...problems(400, 401, 403),
    503: problem('The server is stopping, or its archive was moved.', STOPPING),
    202: {
      description: 'The pass has started.',
      headers: z.object({
        location: z.string().openapi({ description: 'The address that shows the progress of the pass.' }),
      }),
      content: { 'application/json': { schema: z.object({ pass: passSchema }) } },
    },
    409: {
      description: 'A pass is running already, in this server or in another process.',
      content: { 'application/problem+json': { schema: problemSchema.extend({ running: passSchema }) } },
    },
  },
});

const getRoute = createRoute({
  method: 'get',
  path: '/v1/ingest/{id}',
  operationId: 'getPass',
  tags: ['Collecting'],
  summary: 'The progress of a pass, or how it ended',
  description:
    'As JSON, the state of the pass now. As server-sent events, a `progress` event at each change, and an `end` event with the last state.',
  request: {
    query: z.strictObject({}),
    params: z.object({
      id: z.string().openapi({
        param: { name: 'id', in: 'path' },
        description:
          'For one of the last 50 passes of this server, its id; for any pass in /v1/runs, "run-" and its number.',
        example: 'run-17',
      }),
    }),
  },
  responses: {
    ...problems(400, 401, 403),
    404: problem('There is no such pass.', UNKNOWN),
    200: {
      description: 'The pass.',
      content: {
        'application/json': { schema: passSchema },
        'text/event-stream': { schema: z.string().openapi({ example: 'event: progress\ndata: {"id":"run-17"}\n\n' }) },
      },
    },
  },
});

export interface IngestRoutesDeps {
  passes: Passes;
  heartbeatMs?: number;
  /** Ends all event streams when the server stops. */
  signal?: AbortSignal;
}

/** `POST /v1/ingest` starts a pass and `GET /v1/ingest/{id}` follows it. */
export function ingestRoutes({ passes, heartbeatMs = HEARTBEAT_MS, signal }: IngestRoutesDeps): ApiApp {
  const app = newApiApp();

  app.openapi(startRoute, async (c) => {
    const type = 'about:blank';
    try {
      const answer = await passes.start();
      if ('pass' in answer) {
        return c.json({ pass: answer.pass }, 202, { location: `/v1/ingest/${encodeURIComponent(answer.pass.id)}` });
      }
      const { running } = answer;
      const detail = `Pass ${running.id} has been running since ${running.startedAt}. Follow it at /v1/ingest/${running.id}, or ask again when it has ended.`;
      return c.json({ type, title: 'A pass is running', status: 409, detail, running }, 409, PROBLEM);
    } catch (error) {
      if (!(error instanceof PassesStopped)) throw error;
      return c.json({ type, title: 'Stopping', status: 503, detail: error.message }, 503, PROBLEM);
    }
  });

  app.openapi(getRoute, (c) => {
    const { id } = c.req.valid('param');
    const view = passes.get(id);
    if (!view) {
      const detail = `There is no pass "${id}": this server knows the ids of its last 50 passes, and any pass in /v1/runs as "run-" and its number.`;
      return c.json({ type: 'about:blank', title: 'Not found', status: 404, detail }, 404, PROBLEM);
    }
    const supports = ['application/json', 'text/event-stream'];
    const type = accepts(c, { header: 'Accept', supports, default: 'application/json' });
    c.header('vary', 'Accept');
    if (type === 'text/event-stream') return streamPass(c, { passes, heartbeatMs, signal }, view);
    c.set('rows', 1);
    return c.json(view, 200, { 'cache-control': 'no-store' });
  });

  return app;
}
