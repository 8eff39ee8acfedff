import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { type ArchiveDb, openArchive } from '../../src/db/open.ts';
import type { PassOptions, PassSummary } from '../../src/ingest/run-pass.ts';
import { runPass } from '../../src/ingest/run-pass.ts';
import { createLogger, type Logger } from '../../src/lib/logger.ts';
import type { PassSourceView } from '../../src/model/coverage/passes.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/start-simulator.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const START = new Date('2026-03-31T12:00:00.000Z');

/**
 * A simulated service whose clock stands still, an archive in a folder of its own, and passes that collect from the
 * service into the archive.
 */
export interface Trial {
  simulator: Simulator;
  db: ArchiveDb;
  config: Config;
  /** Returns how many calls of SSM operations the service has counted. */
  calls(): number;
  pass(
    options?: PassOptions & {
      config?: Partial<Config>;
      signal?: AbortSignal;
      now?: () => Date;
      log?: Logger;
      /** A function that is called with each report of a source's progress. */
      onProgress?: ((source: PassSourceView) => void) | undefined;
    },
  ): Promise<PassSummary>;
}

/** Begins a trial; everything that it starts ends with the test. */
export async function startTrial(options: SimulatorOptions = {}): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-'));
  const simulator = await startSimulator({
    accounts: [{ accountId: ACCOUNT, regions: [REGION] }],
    invocations: 600,
    now: START,
    clockRate: 0,
    ...options,
  });
  const db = openArchive(join(folder, 'archive.db'));
  onTestFinished(async () => {
    await simulator.close();
    if (db.sqlite.open) db.close();
    rmSync(folder, { recursive: true });
  });
  const places = options.accounts ?? [{ accountId: ACCOUNT, regions: [REGION] }];
  const config: Config = {
    db: join(folder, 'archive.db'),
    authDb: join(folder, 'auth.db'),
    ledgerKey: join(folder, 'ledger.key'),
    accessDb: join(folder, 'access.db'),
    accessLogDays: 400,
    accessLogBytes: 4_294_967_296,
    refused: [],
    trustProxy: false,
    sources: places.map(({ accountId, regions }) => ({
      alias: accountId,
      accountId,
      roleArn: `arn:aws:iam::${accountId}:role/ssm-archive`,
      regions: [...regions],
    })),
    schedule: '* * * * *',
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    settlingMs: 15 * 60_000,
    spreadMs: 48 * 3_600_000,
    overlapMs: 15 * 60_000,
    slicesAtOnce: 4,
    lateLooks: 20,
    readDeadlineMs: 30_000,
    exportDeadlineMs: 60_000,
    ...{
      readers: 2,
      sqlReaders: 4,
      sqlDeadlineMs: 30_000,
      sqlMemoryBytes: 536_870_912,
      sqlRows: 10_000,
      sqlBytes: 1_048_576,
    },
    corsOrigins: [],
    publicHosts: [],
    reportsFile: join(folder, 'reports.yaml'),
    reports: [],
    deliveries: [],
    aws: { endpoint: simulator.url, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'secret' } },
  };
  let seed = 1;
  return {
    simulator,
    db,
    config,
    calls: () => (simulator.stats.calls.ListCommandInvocations ?? 0) + (simulator.stats.calls.ListCommands ?? 0),
    pass: ({
      config: changed,
      signal = new AbortController().signal,
      now = simulator.clock.now,
      log = createLogger('silent'),
      onProgress,
      onEvent,
      ...passOptions
    } = {}) =>
      runPass(
        {
          db,
          config: { ...config, ...changed },
          log,
          now,
          // Makes the waits of a back-off very short, and the same in every run.
          random: () => {
            seed = (seed * 16_807) % 2_147_483_647;
            return seed / 2_147_483_647 / 50;
          },
          signal,
        },
        {
          ...passOptions,
          onEvent(event) {
            onEvent?.(event);
            if (event.kind === 'source') onProgress?.(event.source);
          },
        },
      ),
  };
}
