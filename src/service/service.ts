import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { admitFirstToken } from '../access/first-token/admit-first-token.ts';
import { boundAccessLog } from '../access/log/bound-access-log.ts';
import { checkLogWrites } from '../access/log/check-log-writes.ts';
import { openAccessDb } from '../access/log/open-access-db.ts';
import { openAuthDb } from '../access/open-auth-db.ts';
import { watchBeside } from '../access/watch-beside.ts';
import { issueCertificate } from '../archive/coverage/certificate/issue-certificate.ts';
import { removeDeadWork } from '../archive/evidence/work-folder.ts';
import { checkArchiveWrites } from '../archive/file/check-archive-writes.ts';
import { ensureArchive, findPlace } from '../archive/file/ensure-archive.ts';
import { readyToWrite } from '../archive/file/ready-to-write.ts';
import { holdServerLease } from '../archive/file/server-lease.ts';
import { listPlaces } from '../archive/nodes/list-places.ts';
import { settleArchiveNumber } from '../archive/number/settle-archive-number.ts';
import { readSigning } from '../archive/signing/read-signing.ts';
import { environmentOfLake } from '../config/load-config.ts';
import type { ArchiveDb } from '../db/open.ts';
import { createApp } from '../http/app.ts';
import { assertSafeToServe } from '../http/auth/assert-safe-to-serve.ts';
import { assertStartable } from '../http/auth/assert-startable.ts';
import { createArchiveHistory } from '../http/aws-archive/create-archive-history.ts';
import { listenFirst } from '../http/listen-first.ts';
import { createCollector } from '../ingest/collector/create-collector.ts';
import { oweAtStart } from '../ingest/passes/owe-configured.ts';
import { warnOfOwed } from '../ingest/passes/warn-of-owed.ts';
import { schedule } from '../ingest/schedule.ts';
import { placeOfLake } from '../lake/files/place-of-lake.ts';
import { freeBytesOf } from '../lib/files/create-write-check.ts';
import { identifyFile, isSameFile } from '../lib/files/identify-file.ts';
import { programPath } from '../lib/process/program-path.ts';
import { SECOND_MS, sleep } from '../lib/time.ts';
import { createEvidenceMaker } from '../processes/evidence/make-evidence-apart.ts';
import { createReaderPool } from '../processes/pool/create-reader-pool.ts';
import { openWatched } from '../processes/pool/open-watched.ts';
import { createSqlPool } from '../processes/sql/create-sql-pool.ts';
import { checkReports } from '../reports/check-reports.ts';
import { startDeliveries } from '../reports/deliveries/start-deliveries.ts';
import type { ReportsDeps } from '../reports/reports-deps.ts';
import { configuredPlaces } from '../upstream/configured-sources.ts';
import { lakeSqlOf, nextSealOf, poolOf, sealBySchedule, sqlDepsOf, sqlPoolOf, verifyBySchedule } from './pools.ts';
import type { Service, ServiceDeps } from './service-deps.ts';

/**
 * How long a stop waits for answers once the pass has ended: an export may run for an hour, and its client may have
 * stopped reading.
 */
export const ANSWER_GRACE_MS = 5 * SECOND_MS;
/**
 * Starts the whole service: opens the archive, starts a pass now and by schedule, the scheduled reports, and the HTTP
 * server. Passes run in processes of their own, so that none delays an answer. Throws UserFault if the archive, the
 * address, the file of the first token or the reports of archive.yaml can't be used.
 */
export async function startService(deps: ServiceDeps): Promise<Service> {
  const { config, log, now, isInsecureAllowed = false } = deps;
  const reports: ReportsDeps = { configured: config.reports, reportsFile: config.reportsFile };
  await checkReports(reports, config.deliveries, now());
  const closing: (() => void | Promise<void>)[] = [];
  const opened = <Thing extends { close(): void | Promise<void> }>(thing: Thing): Thing => {
    closing.unshift(() => thing.close());
    return thing;
  };
  const closeAll = async () => {
    for (const close of closing) await close();
  };
  let endServer = async () => {};
  try {
    // Everything that can refuse a start comes before anything is made: a refused start leaves no file behind.
    findPlace(config);
    assertStartable({ config, now, isInsecureAllowed });
    const openTokens = () => {
      const authDb = opened(openAuthDb(config.authDb));
      if (config.tokenFile !== undefined) admitFirstToken({ authDb, now, log }, config.tokenFile);
      assertSafeToServe({ authDb, now, log, host: config.host, isInsecureAllowed });
      return authDb;
    };
    const openAccessLog = () => opened(openAccessDb(config.accessDb));
    const found = {
      authDb: existsSync(config.authDb) ? openTokens() : undefined,
      accessDb: existsSync(config.accessDb) ? openAccessLog() : undefined,
    };
    const { server, serve } = await listenFirst(config);
    endServer = server.end;
    await ensureArchive(config);
    const authDb = found.authDb ?? openTokens();
    const { accessDb, writes: logWrites } = checkLogWrites(found.accessDb ?? openAccessLog(), {
      ...{ path: config.accessDb, log },
    });
    opened(boundAccessLog({ accessDb, now, log }, { days: config.accessLogDays, bytes: config.accessLogBytes }));
    const besides = watchBeside({ ...config, log });
    const removed = await removeDeadWork(dirname(config.db));
    if (removed.length > 0)
      log.warn({ removed }, 'Removed parts of evidence packs that killed processes had left behind.');
    const ready = await readyToWrite(config.db, {
      migrates: true,
      say: (sentence) => log.warn(sentence),
      signal: deps.signal ?? new AbortController().signal,
    });
    closing.unshift(ready.release);
    const { db, archive, file, writer, onReopened } = opened(
      openWatched({
        ...{ path: config.db, log, program: deps.readerProgram, identify: deps.identify },
        onProgress: (progress) => log.info(progress, 'Adding the archive to its ledger.'),
      }),
    );
    ready.release();
    settleArchiveNumber(writer(), config.archiveNumber, now().toISOString());
    const { identify = identifyFile } = deps;
    opened(holdServerLease({ writer, now, isHere: () => isSameFile(identify(config.db), file.known()) }));
    await oweAtStart({ config, log, now }, { sqlite: writer() });
    const readers = opened(createReaderPool(poolOf(deps, file)));
    const sqlPool = opened(createSqlPool(sqlPoolOf(deps, file)));
    const lakeSql = lakeSqlOf(deps, file);
    if (lakeSql) opened(lakeSql);
    const sql = sqlDepsOf(config, sqlPool, lakeSql);
    onReopened(() => {
      readers.renew();
      sqlPool.renew();
      lakeSql?.renew();
    });
    const program = deps.collectorProgram ?? { path: programPath('collector') };
    const archiveWrites = checkArchiveWrites(writer, { path: config.db, log });
    const collector = createCollector({
      ...{ db, file, config, log, now, newId: randomUUID, program },
      onEnd(end) {
        if (end.kind === 'ended') archiveWrites.succeeded();
        else if (end.kind === 'failed') archiveWrites.passFailed(end.failure);
        warnOfOwed(archive, config.sources, log);
      },
      onView: deps.watch?.onPass,
    });
    const unreadiness = async () =>
      faultOfReading(db) ?? (await file.fault()) ?? besides() ?? logWrites.fault() ?? archiveWrites.fault();
    const verifications =
      config.verifySchedule === undefined ? undefined : opened(verifyBySchedule(deps, file, config.verifySchedule));
    const seals = sealBySchedule(deps, file);
    if (seals) opened(seals);
    const asking = { settlingMs: config.settlingMs, configured: configuredPlaces(config.sources) };
    const signing = { keyPath: config.ledgerKey, authDb: config.authDb, db: config.db };
    const streams = new AbortController();
    const app = createApp({
      ...{ log, now, authDb, accessDb, isInsecureAllowed, newId: randomUUID, random: randomBytes },
      api: {
        sql,
        reports: { ...reports, deliveries: config.deliveries },
        ...{ archive: archive.sqlite, readers, now, ...asking, readDeadlineMs: config.readDeadlineMs },
        async issueCertificate(certified) {
          await file.refuseMoved();
          return issueCertificate(writer(), certified, { ...signing, random: randomBytes, now });
        },
        makeEvidence: createEvidenceMaker({
          ...{
            archivePath: config.db,
            file,
            lake: placeOfLake(config, environmentOfLake(config)),
            ...signing,
            ...asking,
          },
        }),
        lastVerification: verifications?.last,
        server: {
          unreadiness,
          freeBytes: () => freeBytesOf(dirname(config.db)),
          signing: () => readSigning(archive.sqlite, signing, { isSigner: true }),
          nextSeal: nextSealOf(config, archive, now),
        },
        exportDeadlineMs: config.exportDeadlineMs,
        fullOutputs: config.fullOutputs,
      },
      passes: collector,
      aws: {
        history: createArchiveHistory({
          ...{ archive, readers, now, settlingMs: config.settlingMs, readDeadlineMs: config.readDeadlineMs },
        }),
        accounts: () => [...new Set(listPlaces(archive.sqlite).map(({ accountId }) => accountId))],
      },
      host: config.host,
      isProxyTrusted: config.trustProxy,
      corsOrigins: config.corsOrigins,
      publicHosts: config.publicHosts,
      unreadiness,
      signal: streams.signal,
    });
    serve(app.fetch);
    if (deps.watch) deps.watch.onServing(server);
    else log.info({ url: server.url, archive: config.db, schedule: config.schedule }, 'Serving.');
    const passes = schedule({ expression: config.schedule, name: 'collect', log }, collector.collect);
    passes.begin();
    const owner = { host: hostname(), pid: process.pid };
    const deliveries = await startDeliveries(
      {
        ...{ reports, sql, archive: archive.sqlite, now, log, owner, ...asking },
        deadlineMs: config.exportDeadlineMs,
        schedule: (expression, name, turn) => schedule({ expression, name, log }, turn),
      },
      config.deliveries,
    );
    return {
      url: server.url,
      nextPass: passes.next,
      async stop() {
        if (!deps.watch) log.info('Stopping after the replies in flight.');
        const isClosed = new AbortController();
        const closed = server.close().then(() => isClosed.abort());
        await Promise.all([collector.stop(), passes.stop(), deliveries.stop(), verifications?.close(), seals?.close()]);
        // Clients that follow a pass of this server have seen its end. The others follow a pass of another process and
        // would wait for it.
        streams.abort();
        await sleep(deps.answerGraceMs ?? ANSWER_GRACE_MS, isClosed.signal);
        // An answer that is still being written is broken off: its client sees that, and the access log records it.
        await Promise.all([readers.close(), sqlPool.close(), lakeSql?.close()]);
        server.cut();
        await closed;
        await closeAll();
        log.info('Stopped.');
      },
    };
  } catch (error) {
    await endServer();
    await closeAll();
    throw error;
  }
}

function faultOfReading(db: ArchiveDb): string | undefined {
  try {
    db.sqlite.prepare('SELECT count(*) FROM leases').get();
    return undefined;
  } catch (error) {
    return `The archive can't be read (${String(error)}).`;
  }
}
