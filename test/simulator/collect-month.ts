import { createSenderRecorder } from '../../src/archive/record/record-senders.ts';
import type { Config } from '../../src/config/config.ts';
import { openArchive } from '../../src/db/open.ts';
import { runPass } from '../../src/ingest/run-pass.ts';
import { OWN_FILES, ownFileOf } from '../../src/lib/files/own-files.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { HOUR_MS } from '../../src/lib/time.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/start-simulator.ts';
import { readSender } from '../../src/upstream/trail/read-sender.ts';
import { configOf } from '../service/start-server.ts';

export const PLACES = [
  { alias: 'production', accountId: '111122223333', region: 'eu-west-1' },
  { alias: 'staging', accountId: '444455556666', region: 'us-east-1' },
] as const;
/** The configuration, as in archive.yaml. */
export const SOURCES = PLACES.map(({ alias, accountId, region }) => ({
  ...{ alias, accountId, roleArn: `arn:aws:iam::${accountId}:role/ssm-archive`, regions: [region] },
}));
export const MONTH_END = new Date('2026-03-31T12:00:00.000Z');
/**
 * When passes run, in hours before the end: the first lists a month, and the last ones see how overnight commands
 * change.
 */
const PASSES = [72, 48, 36, 34, 33, 32, 24, 12, 10, 9, 8, 4, 0];

/**
 * Collects a month of two simulated accounts up to noon of 2026-03-31 into a new archive, with everything that
 * questions are asked about: states that changed, a source that was refused, throttling, and senders. The caller must
 * close the simulator.
 */
export async function collectMonth(path: string, options: SimulatorOptions = {}): Promise<Simulator> {
  const db = openArchive(path);
  const simulator = await startSimulator({
    accounts: PLACES.map(({ accountId, region }) => ({ accountId, regions: [region] })),
    ...{ invocations: 3000, longShare: 0.05, now: MONTH_END, clockRate: 0, faults: { throttleRate: 0.05 } },
    ...options,
  });
  const config: Config = {
    ...configOf(path, simulator.url),
    // The path at which a server of this archive looks for the ledger key.
    ledgerKey: ownFileOf(path, OWN_FILES.ledgerKey),
    sources: SOURCES,
  };
  const log = createLogger('silent');
  const recordSenders = createSenderRecorder(db.sqlite);
  const { signal } = new AbortController();
  for (const hours of PASSES) {
    simulator.clock.set(new Date(MONTH_END.getTime() - hours * HOUR_MS));
    simulator.faults.deniedAccounts = hours === 34 ? ['444455556666'] : [];
    // Back-off without waiting.
    await runPass({ db, config, log, now: simulator.clock.now, random: () => 0.001, signal });
    const events = PLACES.flatMap(({ accountId, region }) => [...simulator.sendEvents(accountId, region)]);
    recordSenders(events.map(readSender).filter((sender) => sender !== undefined && sender !== 'unreadable'));
  }
  db.close();
  return simulator;
}
