import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admitFirstToken } from '../access/first-token/admit-first-token.ts';
import { boundAccessLog } from '../access/log/bound-access-log.ts';
import { checkLogWrites } from '../access/log/check-log-writes.ts';
import { openAccessDb } from '../access/log/open-access-db.ts';
import { openAuthDb } from '../access/open-auth-db.ts';
import { environmentOfLake } from '../config/load-config.ts';
import { openArchive, openArchiveReadOnly } from '../db/open.ts';
import type { ApiDeps } from '../http/api/api-deps.ts';
import { assertSafeToServe } from '../http/auth/assert-safe-to-serve.ts';
import { assertStartable } from '../http/auth/assert-startable.ts';
import { createLakeApp } from '../http/create-lake-app.ts';
import { listenFirst } from '../http/listen-first.ts';
import { beginIndex } from '../lake/catalogue/fill-index.ts';
import { keepIndex } from '../lake/catalogue/keep-index.ts';
import { knowLake } from '../lake/catalogue/know-lake.ts';
import { describeViews } from '../lake/sql/describe-views.ts';
import { openStore } from '../lake/store/open-store.ts';
import { UserFault } from '../lib/errors/user-fault.ts';
import { programPath } from '../lib/process/program-path.ts';
import { sleep } from '../lib/time.ts';
import { createReaderPool } from '../processes/pool/create-reader-pool.ts';
import { createLakeSql } from '../processes/sql/create-lake-sql.ts';
import { ANSWER_GRACE_MS } from './service.ts';
import type { Service, ServiceDeps } from './service-deps.ts';

/**
 * Starts a server over a lake alone: it has no archive, collects nothing, and writes nothing into the lake. What it keeps of
 * the lake is in a folder of its own, which is removed at the end. Throws UserFault if no lake is configured, the lake can't
 * be listed, or the address or the files of tokens and of the access log can't be used.
 */
export async function serveLake(deps: ServiceDeps): Promise<Omit<Service, 'nextPass'>> {
  const { config, log, now, isInsecureAllowed = false } = deps;
  const { lake } = config;
  if (lake === undefined)
    throw new UserFault('Set SSM_ARCHIVE_LAKE to the folder or bucket of the lake that is to be served.', {
      exitCode: 2,
    });
  const closing: (() => unknown)[] = [];
  const opened = <Thing extends { close(): unknown }>(thing: Thing): Thing => {
    closing.unshift(() => thing.close());
    return thing;
  };
  const closeAll = async () => {
    for (const close of closing) await close();
  };
  try {
    assertStartable({ config, now, isInsecureAllowed });
    const { server, serve } = await listenFirst(config);
    closing.unshift(() => server.end());
    const store = opened(await openStore(lake.location));
    const folder = await mkdtemp(join(tmpdir(), 'ssm-archive-lake-index-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'index.db');
    const { sqlite } = opened(openArchive(path));
    beginIndex(sqlite);
    const keys = config.verifyKeys ?? [];
    const index = await keepIndex({ store, keysOf: () => keys, now, sqlite });
    if (keys.length === 0)
      log.warn('No key is pinned, so nobody knows who signed what the days of the lake rest on: see verify.keys.');
    const authDb = opened(openAuthDb(config.authDb));
    if (config.tokenFile !== undefined) admitFirstToken({ authDb, now, log }, config.tokenFile);
    assertSafeToServe({ authDb, now, log, host: config.host, isInsecureAllowed });
    const { accessDb, writes } = checkLogWrites(opened(openAccessDb(config.accessDb)), { path: config.accessDb, log });
    opened(boundAccessLog({ accessDb, now, log }, { days: config.accessLogDays, bytes: config.accessLogBytes }));
    const archive = opened(openArchiveReadOnly(path)).sqlite;
    const place = {
      ...{ location: lake.location, cacheFolder: join(folder, 'cache'), cacheBytes: lake.cacheBytes },
      env: environmentOfLake(config),
    };
    const readers = opened(
      createReaderPool({
        archivePath: path,
        program: { ...(deps.readerProgram ?? { path: programPath('reader') }), lake: place },
        ...{ readers: config.readers, longAtOnce: config.readers - 1, readsPerCaller: config.readers - 1 },
        ...{ waitingPerCaller: 32, waitingInAll: 256, log },
      }),
    );
    const program = deps.sqlProgram ?? { path: programPath('sql-reader') };
    const lakeSql = opened(
      createLakeSql({
        ...{ archivePath: path, describe: describeViews, readers: config.sqlReaders, log },
        memoryBytes: config.sqlMemoryBytes,
        longestMs: Math.max(config.sqlDeadlineMs, config.exportDeadlineMs),
        programs: {
          sql: { ...program, path: programPath('lake-sql-reader') },
          copier: { ...program, path: programPath('lake-copier'), lake: place },
        },
      }),
    );
    const known = knowLake(index);
    const app = createLakeApp({
      ...{ log, now, authDb, accessDb, isInsecureAllowed, newId: randomUUID, random: randomBytes },
      lake: known,
      ...{ host: config.host, isProxyTrusted: config.trustProxy, corsOrigins: config.corsOrigins },
      publicHosts: config.publicHosts,
      unreadiness: () => known.fault() ?? writes.fault(),
      api: {
        ...{ archive, readers, now, lakeAlone: known },
        sql: {
          ...{ pool: undefined, lake: lakeSql, deadlineMs: config.sqlDeadlineMs },
          ...{ memoryBytes: config.sqlMemoryBytes, maxRows: config.sqlRows, maxBytes: config.sqlBytes },
        },
        reports: { configured: config.reports, reportsFile: config.reportsFile, deliveries: [] },
        ...ofArchiveAlone(),
        ...{
          configured: { accounts: [], regions: [] },
          readDeadlineMs: config.readDeadlineMs,
          exportDeadlineMs: config.exportDeadlineMs,
        },
        settlingMs: config.settlingMs,
      },
    });
    serve(app.fetch);
    if (deps.watch) deps.watch.onServing(server);
    else log.info({ url: server.url, lake: store.name }, 'Serving a lake alone.');
    return {
      url: server.url,
      async stop() {
        if (!deps.watch) log.info('Stopping after the replies in flight.');
        const isClosed = new AbortController();
        const closed = server.close().then(() => isClosed.abort());
        await sleep(deps.answerGraceMs ?? ANSWER_GRACE_MS, isClosed.signal);
        await Promise.all([readers.close(), lakeSql.close()]);
        server.cut();
        await closed;
        await closeAll();
        log.info('Stopped.');
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** What only the routes of an archive use; a server over a lake alone has none of these. */
function ofArchiveAlone(): Pick<ApiDeps, 'issueCertificate' | 'makeEvidence'> {
  const refuse = () => Promise.reject(new Error('A server over a lake alone signs nothing.'));
  return { issueCertificate: refuse, makeEvidence: refuse };
}
