import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeHold } from '../../../src/archive/holds/place-hold.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { openArchive } from '../../../src/db/open.ts';
import { HOUR_MS, isoFromMs } from '../../../src/lib/time.ts';
import type { Simulator } from '../../../src/simulator/start-simulator.ts';
import { collectMonth, MONTH_END, PLACES, SOURCES } from '../../simulator/collect-month.ts';
import { saveOneReport } from '../saved-report.ts';
import { recordPrinted } from './record-printed.ts';
import { type Server, startServer } from './start-server.ts';

/** A server, and the service from which it collects. */
export interface SimulatedConsole extends Server {
  simulator: Simulator;
}

/**
 * The built server on an archive of a simulated month, after its first pass. The next pass begins when somebody starts
 * it. Server and simulator started with their clocks at noon of 2026-03-31, so the same seed makes the same pages.
 */
export async function startSimulatedConsole({ isVerified = false } = {}): Promise<SimulatedConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-console-'));
  const archive = join(folder, 'archive.db');
  const simulator = await collectMonth(archive, { invocations: 1200, longShare: 0.15, clockRate: 1, faults: {} });
  await keepAndPrune(archive);
  await saveOneReport(archive);
  writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources: SOURCES }));
  simulator.clock.set(MONTH_END);
  const server = await startServer({
    archive,
    now: MONTH_END,
    env: {
      ...{ AWS_ENDPOINT_URL: simulator.url, AWS_ACCESS_KEY_ID: PLACES[0].accountId, AWS_SECRET_ACCESS_KEY: 'any' },
      // By the server’s clock, verification starts some seconds after the server’s start. If `isVerified` is false, it
      // never starts.
      SSM_ARCHIVE_VERIFY_SCHEDULE: isVerified ? '4,24,44 0 12 31 3 *' : '',
    },
  });
  await server.logged('Collected.', PLACES.length);
  if (isVerified) await server.logged('Verified: the archive is intact.');
  return {
    ...{ ...server, simulator },
    async stop() {
      await server.stop();
      await simulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Does what an operator would have done, so that the pages have something to show. */
async function keepAndPrune(path: string): Promise<void> {
  const db = openArchive(path);
  const at = new Date(MONTH_END.getTime() - HOUR_MS);
  placeHold(db.sqlite, {
    ...{ accountId: PLACES[0].accountId, fromAt: '2026-03-10T00:00:00.000Z', toAt: '2026-03-12T00:00:00.000Z' },
    ...{ reason: 'AUD-2281', placedBy: 'legal', placedAt: isoFromMs(at.getTime()) },
  });
  await prune(
    { sqlite: db.sqlite, now: () => at, renew: () => {} },
    {
      kind: 'outputs',
      selection: { requestedBefore: '2026-03-03T00:00:00.000Z' },
      ...{ by: 'ops', reason: 'Outputs are kept for four weeks.' },
    },
  );
  const step = db.sqlite
    .prepare<[], { invocationId: number; position: number; name: string }>(
      `SELECT invocation_id AS invocationId, position, plugin_name AS name FROM plugin_runs WHERE is_output_truncated
        ORDER BY requested_at DESC, invocation_id LIMIT 1`,
    )
    .get();
  if (!step) throw new Error('The agent cut no output.');
  const lines = Array.from(
    { length: 12_000 },
    (_, n) => `\u001b[32mok\u001b[0m: host-${n} unpacked package ${n * 7919}`,
  );
  recordPrinted(db.sqlite, step, { lines, fetchedAt: isoFromMs(at.getTime()) });
  db.close();
}
