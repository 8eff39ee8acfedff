import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { PassRunning } from './archive/lease.ts';
import type { Config } from './config/config.ts';
import { type ArchiveDb, openArchive } from './db/open.ts';
import { createApp } from './http/app.ts';
import { runPass } from './ingest/run-pass.ts';
import { schedulePasses } from './ingest/schedule.ts';
import type { Logger } from './lib/logger.ts';
import type { Now } from './lib/time.ts';
import { UserFault } from './lib/user-fault.ts';

export interface ServiceDeps {
  config: Config;
  log: Logger;
  now: Now;
  random(): number;
}

export interface Service {
  /** Where the server listens. */
  url: string;
  /** Ends the pass after its pages in flight, answers what is being answered, and closes the archive. */
  stop(): Promise<void>;
}

/**
 * Starts the whole service: the archive, a pass now and by schedule, and the HTTP server.
 * Throws UserFault where the archive or the address can't be used.
 */
export async function startService({ config, log, now, random }: ServiceDeps): Promise<Service> {
  const db = openArchive(config.db);
  const stopping = new AbortController();
  const app = createApp({ log, unreadiness: () => unreadiness(db) });
  let server: Awaited<ReturnType<typeof listen>>;
  try {
    server = await listen(app.fetch, config);
  } catch (error) {
    db.close();
    throw error;
  }
  const schedule = schedulePasses(config.schedule, async () => {
    try {
      const pass = await runPass({ db, config, log, now, random, signal: stopping.signal });
      for (const {
        alias,
        region,
        accountId,
        outcome,
        error,
        rowsAdded,
        rowsChanged,
        calls,
        throttles,
      } of pass.sources) {
        const facts = {
          run: pass.runId,
          alias,
          account: accountId,
          region,
          outcome,
          rowsAdded,
          rowsChanged,
          calls,
          throttles,
        };
        if (outcome === 'failed') log.error(facts, error ?? 'A source could not be collected.');
        else log.info(facts, 'Collected.');
      }
    } catch (error) {
      if (error instanceof PassRunning) log.warn(error.message);
      else if (error instanceof UserFault) log.error(error.message);
      else log.error({ err: error }, 'A pass failed.');
    }
  });
  log.info({ url: server.url, archive: config.db, schedule: config.schedule }, 'Serving.');
  return {
    url: server.url,
    async stop() {
      log.info('Stopping after the page in flight.');
      stopping.abort();
      await Promise.all([schedule.stop(), server.close()]);
      db.close();
      log.info('Stopped.');
    },
  };
}

function unreadiness(db: ArchiveDb): string | undefined {
  try {
    db.sqlite.prepare('SELECT count(*) FROM leases').get();
    return undefined;
  } catch (error) {
    return `The archive can't be read (${String(error)}).`;
  }
}

function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  { host, port }: Config,
): Promise<{ url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, (address: AddressInfo) => {
      const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve({
        url: `http://${name}:${address.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeIdleConnections' in server) server.closeIdleConnections();
          }),
      });
    });
    server.on('error', (error: Error & { code?: string }) => {
      const problem =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is taken by another process. Choose another with SSM_ARCHIVE_PORT.`
          : `The server can't listen on ${host}:${port} (${error.message}). Check SSM_ARCHIVE_HOST and SSM_ARCHIVE_PORT.`;
      reject(new UserFault(problem, { exitCode: 2, cause: error }));
    });
  });
}
