import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config/config.ts';
import { type ArchiveDb, openArchive } from './db/open.ts';
import { ingestRoutes } from './http/api/ingest.ts';
import { createApp } from './http/app.ts';
import { type Listening, listen } from './http/listen.ts';
import { createCollector } from './ingest/create-collector.ts';
import type { CollectorProgram } from './ingest/fork-pass.ts';
import { schedulePasses } from './ingest/schedule.ts';
import type { Logger } from './lib/logger.ts';
import type { Now } from './lib/time.ts';

export interface ServiceDeps {
  config: Config;
  log: Logger;
  now: Now;
  /** The program that collects, by default the one beside this file, built or not as this one is. */
  collectorProgram?: CollectorProgram;
}

export interface Service {
  /** Where the server listens. */
  url: string;
  /** Ends the pass after its pages in flight, answers what is being answered, and closes the archive. */
  stop(): Promise<void>;
}

/**
 * Starts the whole service: the archive, a pass now and by schedule, and the HTTP server. Passes run in processes of
 * their own, so that none holds up an answer.
 * Throws UserFault where the archive or the address can't be used.
 */
export async function startService({ config, log, now, collectorProgram }: ServiceDeps): Promise<Service> {
  const db = openArchive(config.db);
  const program = collectorProgram ?? { path: besideThis('collector') };
  const collector = createCollector({ db, config, log, now, newId: randomUUID, program });
  const streams = new AbortController();
  const app = createApp({ log, unreadiness: () => unreadiness(db) });
  app.route('/', ingestRoutes({ passes: collector, signal: streams.signal }));
  let server: Listening;
  try {
    server = await listen(app.fetch, config);
  } catch (error) {
    db.close();
    throw error;
  }
  const schedule = schedulePasses(config.schedule, collector.collect);
  log.info({ url: server.url, archive: config.db, schedule: config.schedule }, 'Serving.');
  return {
    url: server.url,
    async stop() {
      log.info('Stopping after the page in flight.');
      const closed = server.close();
      await Promise.all([collector.stop(), schedule.stop()]);
      // Those who follow a pass of this server have seen its end; any others would wait for another process.
      streams.abort();
      await closed;
      db.close();
      log.info('Stopped.');
    },
  };
}

/** A program of this package: a source file beside the sources, a built one beside the built. */
function besideThis(name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url));
}

function unreadiness(db: ArchiveDb): string | undefined {
  try {
    db.sqlite.prepare('SELECT count(*) FROM leases').get();
    return undefined;
  } catch (error) {
    return `The archive can't be read (${String(error)}).`;
  }
}
