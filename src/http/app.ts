import { Hono } from 'hono';
import type { Logger } from '../lib/logger.ts';
import { problemResponse } from './errors.ts';

export interface AppDeps {
  log: Logger;
  /** A sentence on why questions can't be answered now, or undefined where they can. */
  unreadiness(): string | undefined;
}

/** The server's routes. `/healthz`: the process runs. `/readyz`: it can read and write its archive. */
export function createApp({ log, unreadiness }: AppDeps): Hono {
  const app = new Hono();
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', (c) => {
    const reason = unreadiness();
    if (reason === undefined) return c.json({ status: 'ok' });
    return problemResponse(c, { status: 503, title: 'Not ready', detail: reason });
  });
  app.notFound((c) =>
    problemResponse(c, {
      status: 404,
      title: 'Not found',
      detail: `There is nothing at ${c.req.path}. This server has /healthz and /readyz.`,
    }),
  );
  app.onError((error, c) => {
    log.error({ err: error, path: c.req.path }, 'A request failed.');
    return problemResponse(c, {
      status: 500,
      title: 'Internal error',
      detail: 'The request failed; the reason is in the log.',
    });
  });
  return app;
}
