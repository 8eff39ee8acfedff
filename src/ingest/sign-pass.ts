import { randomBytes } from 'node:crypto';
import { type MadeCheckpoint, makeCheckpoint } from '../archive/make-checkpoint.ts';
import type { Config } from '../config/config.ts';
import type { ArchiveDb } from '../db/open.ts';
import type { Logger } from '../lib/logger.ts';
import type { Now } from '../lib/time.ts';
import { publishOutside } from './publish-outside.ts';

interface SignDeps {
  db: ArchiveDb;
  config: Config;
  log: Logger;
  now: Now;
}

/**
 * Signs the ledger after a pass, says so in the log, and publishes it where that is configured. What was collected is kept
 * whether it can be signed or not: a failure is logged, and the next pass signs for both.
 */
export async function signPass(deps: SignDeps): Promise<void> {
  const made = signed(deps);
  if (made) await publishOutside(deps, made);
}

function signed({ db, config, log, now }: SignDeps): MadeCheckpoint | undefined {
  try {
    const made = makeCheckpoint(db.sqlite, { keyPath: config.ledgerKey, random: randomBytes, now });
    log.info({ size: made.size, checkpoint: made.note }, 'Checkpoint.');
    return made;
  } catch (error) {
    log.error({ err: error }, 'The ledger could not be signed after the pass. What was collected is kept.');
    return undefined;
  }
}
