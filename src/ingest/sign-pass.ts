import { randomBytes } from 'node:crypto';
import { makeCheckpoint } from '../archive/make-checkpoint.ts';
import { publishCheckpoint } from '../archive/publish-checkpoint.ts';
import type { Config } from '../config/config.ts';
import type { ArchiveDb } from '../db/open.ts';
import type { Logger } from '../lib/logger.ts';
import type { Now } from '../lib/time.ts';

/**
 * Signs the ledger after a pass, says so in the log, and writes it outside where that is configured. What was collected is kept
 * whether it can be signed or not: a failure is logged, and the next pass signs for both.
 */
export async function signPass(deps: { db: ArchiveDb; config: Config; log: Logger; now: Now }): Promise<void> {
  const { db, config, log, now } = deps;
  try {
    const made = makeCheckpoint(db.sqlite, { keyPath: config.ledgerKey, random: randomBytes, now });
    log.info({ size: made.size, checkpoint: made.note }, 'Checkpoint.');
    if (config.checkpointDirectory !== undefined) await publishCheckpoint(config.checkpointDirectory, made);
  } catch (error) {
    log.error({ err: error }, 'The ledger could not be signed after the pass. What was collected is kept.');
  }
}
