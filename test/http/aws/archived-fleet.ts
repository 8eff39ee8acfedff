import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchive } from '../../../src/db/open.ts';
import { type PassSummary, runPass } from '../../../src/ingest/run-pass.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../src/simulator/start-simulator.ts';
import { configOf } from '../../service/start-server.ts';
import { NOW, ONE } from '../../simulator/clients.ts';
import { serveArchive } from './serve-archive.ts';

/** A simulated service whose clock does not advance, and an archive server that has collected everything it can. */
export interface ArchivedFleet {
  simulator: Simulator;
  archive: { url: string; path: string; authPath: string };
  /** Collects again, at the time of the simulator's clock. */
  collect(): Promise<PassSummary>;
  /** What the archive server has logged so far, parsed. */
  logged: Record<string, unknown>[];
  close(): Promise<void>;
}

/**
 * Starts the service and the archive server. Passes run in this process, because a separate collector always uses the
 * real time. So the server gets no source of its own. `serverNow` is the server's clock: by default the simulator's, or
 * the real one for clients that sign with the real time.
 */
export async function startArchivedFleet(
  options: SimulatorOptions = {},
  serverNow?: () => Date,
): Promise<ArchivedFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-'));
  const simulator = await startSimulator({ seed: 1, accounts: ONE, now: NOW, clockRate: 0, ...options });
  const now = simulator.clock.now;
  const config = configOf(join(folder, 'archive.db'), simulator.url);
  const collect = async () => {
    const db = openArchive(config.db);
    try {
      const { signal } = new AbortController();
      const deps = { db, config, log: createLogger('silent'), now, random: Math.random, signal };
      return await runPass(deps, { waits: true });
    } finally {
      db.close();
    }
  };
  const { outcome } = await collect();
  if (outcome !== 'complete') throw new Error(`The pass ended as ${outcome}.`);
  const service = await serveArchive(config.db, serverNow ?? now);
  return {
    simulator,
    archive: { url: service.url, path: config.db, authPath: config.authDb },
    collect,
    logged: service.logged,
    async close() {
      await service.stop();
      await simulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}
