import { randomBytes, randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { openAccessDb } from '../../src/access/log/open-access-db.ts';
import { openAuthDb } from '../../src/access/open-auth-db.ts';
import { findCommands } from '../../src/archive/commands/find-commands.ts';
import { findInvocations } from '../../src/archive/invocations/find-invocations.ts';
import { listPlaces } from '../../src/archive/nodes/list-places.ts';
import { createApp } from '../../src/http/app.ts';
import { createArchiveHistory } from '../../src/http/aws-archive/create-archive-history.ts';
import { listen } from '../../src/http/listen.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { NO_READERS, NO_REPORTS, NO_SQL, neverIssued } from '../http/no-readers.ts';
import type { Trial } from './archive-trial.ts';

/** Serves a trial's archive over HTTP, on the simulator's clock; returns its address. It ends with the test. */
export async function serveTrial({ db, config, simulator }: Trial): Promise<string> {
  const authDb = openAuthDb(config.authDb);
  const accessDb = openAccessDb(config.accessDb);
  const { now } = simulator.clock;
  const log = createLogger('silent');
  const verbs: Record<string, (input: never) => unknown> = {
    findInvocations: (input) => findInvocations(db.sqlite, input),
    findCommands: (input) => findCommands(db.sqlite, input),
  };
  // Runs the reads in this process instead of in reading processes.
  const readers = {
    ...NO_READERS,
    read: async (name: string, input: unknown) => verbs[name]?.(input as never) as never,
  };
  const deadlines = {
    settlingMs: config.settlingMs,
    configured: { accounts: [], regions: [] },
    readDeadlineMs: 30_000,
    exportDeadlineMs: 60_000,
  };
  const app = createApp({
    ...{ log, now, random: randomBytes, newId: randomUUID, authDb, accessDb, corsOrigins: [], publicHosts: [] },
    api: {
      archive: db.sqlite,
      readers: NO_READERS,
      sql: NO_SQL,
      reports: NO_REPORTS,
      issueCertificate: neverIssued,
      makeEvidence: neverIssued,
      now,
      ...deadlines,
    },
    aws: {
      history: createArchiveHistory({ archive: db, readers, now, ...deadlines }),
      accounts: () => [...new Set(listPlaces(db.sqlite).map(({ accountId }) => accountId))],
    },
    passes: { start: neverStarted, get: () => undefined, follow: () => () => {} },
    ...{ host: '127.0.0.1', isProxyTrusted: false, isInsecureAllowed: false },
    unreadiness: () => undefined,
    signal: new AbortController().signal,
  });
  const server = await listen(app.fetch, { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    server.cut();
    await server.close();
    authDb.close();
    accessDb.close();
  });
  return server.url;
}

function neverStarted(): never {
  throw new Error('No pass is started here.');
}
