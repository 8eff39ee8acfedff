import type { Config } from '../../src/config/config.ts';
import type { ChildProgram } from '../../src/lib/child/start-child.ts';
import type { ReaderProgram } from '../../src/processes/pool/start-reader.ts';
import type { VerifierProgram } from '../../src/processes/verify/start-verifier.ts';
import { startService } from '../../src/service/service.ts';
import type { ServiceDeps } from '../../src/service/service-deps.ts';
import { builtProgram } from '../built-program.ts';
import { ACCOUNT, REGION, type Setting } from '../end-to-end/run-cli.ts';
import { memoryLog } from '../memory-log.ts';
import { onTestEnd } from '../on-test-end.ts';

/** The program that collects, in a process of its own. */
export const COLLECTOR: ChildProgram = builtProgram('collector');

/** The program that reads the archive, in a process of its own. */
export const READER: ReaderProgram = builtProgram('reader');

/** The program that answers SQL, in a process of its own. */
export const SQL_READER: ReaderProgram = builtProgram('sql-reader');

/** The program that verifies, in a process of its own. */
export const VERIFIER: VerifierProgram = builtProgram('verifier');

/** A server in the test's process, on the setting's archive. Its passes run in other processes. */
export interface Server {
  url: string;
  /** What the server has logged so far, parsed. */
  logged: Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts the server, which ends with the test. Its first pass begins at once, later passes only when asked for. */
export async function startServer(
  { archive, simulator }: Setting,
  collectorProgram: ChildProgram = COLLECTOR,
  {
    config,
    ...more
  }: Partial<
    Pick<ServiceDeps, 'answerGraceMs' | 'identify' | 'readerProgram' | 'verifierProgram' | 'firstVerifyAfterMs'>
  > & {
    config?: Partial<Config>;
  } = {},
): Promise<Server> {
  const { log, logged } = memoryLog();
  const service = await startService({
    config: { ...configOf(archive, simulator.url), ...config },
    log,
    now: () => new Date(),
    collectorProgram,
    readerProgram: READER,
    sqlProgram: SQL_READER,
    verifierProgram: VERIFIER,
    ...more,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= service.stop();
    return stopped;
  };
  onTestEnd(stop);
  return { url: service.url, logged, stop };
}

/** The settings of one source, at the simulator's address. */
export function configOf(archive: string, endpoint: string): Config {
  return {
    db: archive,
    authDb: `${archive}.auth`,
    ledgerKey: `${archive}.key`,
    accessDb: `${archive}.access`,
    accessLogDays: 400,
    accessLogBytes: 4_294_967_296,
    trustProxy: false,
    refused: [],
    sources: [{ alias: 'default', regions: [REGION] }],
    schedule: '0 0 1 1 *',
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    settlingMs: 15 * 60_000,
    spreadMs: 172_800_000,
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
    reportsFile: `${archive}.reports.yaml`,
    reports: [],
    deliveries: [],
    aws: { endpoint, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'secret' } },
  };
}
