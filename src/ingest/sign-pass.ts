import { randomBytes } from 'node:crypto';
import { cosignedNote } from '../archive/cosigned-note.ts';
import { makeCheckpoint } from '../archive/make-checkpoint.ts';
import type { Config } from '../config/config.ts';
import type { ArchiveDb } from '../db/open.ts';
import type { Logger } from '../lib/logger.ts';
import type { Now } from '../lib/time.ts';
import { askWitnesses } from './ask-witnesses.ts';
import { publishOutside } from './publish-outside.ts';

interface SignDeps {
  db: ArchiveDb;
  config: Config;
  log: Logger;
  now: Now;
  signal: AbortSignal;
}

/**
 * Signs the ledger after a pass, says so in the log, has it cosigned and publishes it where that is configured. What was collected is kept
 * whether it can be signed or not: a failure is logged, and the next pass signs for both.
 */
export async function signPass(deps: SignDeps): Promise<void> {
  const { db, config, log, now, signal } = deps;
  const { ledgerKey: keyPath, witnesses = [] } = config;
  try {
    const keys = witnesses.map(({ key }) => key);
    const made = makeCheckpoint(db.sqlite, { keyPath, random: randomBytes, now, witnesses: keys });
    log.info({ size: made.size, checkpoint: made.note }, 'Checkpoint.');
    await askWitnesses({ db, log, signal, keyPath }, made, witnesses);
    await publishOutside(deps, { ...made, note: cosignedNote(db.sqlite, made) });
  } catch (error) {
    log.error({ err: error }, 'The ledger could not be signed after the pass. What was collected is kept.');
  }
}
