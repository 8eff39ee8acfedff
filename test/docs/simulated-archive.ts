import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createSenderRecorder } from '../../src/archive/record-senders.ts';
import type { Config } from '../../src/config/config.ts';
import { openArchive } from '../../src/db/open.ts';
import { runPass } from '../../src/ingest/run-pass.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { HOUR_MS } from '../../src/lib/time.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { readSender } from '../../src/upstream/read-sender.ts';
import { configOf } from '../service/start-server.ts';

const PLACES = [
  { accountId: '111122223333', region: 'eu-west-1' },
  { accountId: '444455556666', region: 'us-east-1' },
];
const END = new Date('2026-03-31T12:00:00.000Z');
/** When passes are made, in hours before the end: the first lists a month, the last ones see what runs overnight change. */
const PASSES = [72, 48, 36, 34, 33, 32, 24, 12, 10, 9, 8, 4, 0];

/**
 * An archive of a month of two simulated accounts up to noon of 2026-03-31, with everything that questions are asked about:
 * states that changed, a source that was refused, throttling, who sent what. It ends with the test file that asks for it, at its top.
 */
export async function simulatedArchive(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-docs-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'archive.db');
  const db = openArchive(path);
  const simulator = await startSimulator({
    accounts: PLACES.map(({ accountId, region }) => ({ accountId, regions: [region] })),
    ...{ invocations: 3000, longShare: 0.05, now: END, clockRate: 0, faults: { throttleRate: 0.05 } },
  });
  const config: Config = {
    ...configOf(path, simulator.url),
    sources: PLACES.map(({ accountId, region }) => ({
      ...{ alias: accountId, accountId, roleArn: `arn:aws:iam::${accountId}:role/ssm-archive`, regions: [region] },
    })),
  };
  const log = createLogger('silent');
  const recordSenders = createSenderRecorder(db.sqlite);
  const { signal } = new AbortController();
  for (const hours of PASSES) {
    simulator.clock.set(new Date(END.getTime() - hours * HOUR_MS));
    simulator.faults.deniedAccounts = hours === 34 ? ['444455556666'] : [];
    // Back-off without waiting.
    await runPass({ db, config, log, now: simulator.clock.now, random: () => 0.001, signal });
    const events = PLACES.flatMap(({ accountId, region }) => [...simulator.sendEvents(accountId, region)]);
    recordSenders(events.map(readSender).filter((sender) => sender !== undefined && sender !== 'unreadable'));
  }
  await simulator.close();
  db.close();
  return path;
}
