import { randomBytes } from 'node:crypto';
import { cosignedNote } from '../../archive/checkpoints/cosigned-note.ts';
import { type MadeCheckpoint, makeCheckpoint } from '../../archive/checkpoints/make-checkpoint.ts';
import { signingSentence } from '../../archive/signing/read-signing.ts';
import type { Config } from '../../config/config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Now } from '../../lib/time.ts';
import { askWitnesses } from './ask-witnesses.ts';
import { publishOutside } from './publish-outside.ts';

/** How many leaves were signed after a pass, or why nothing was signed. */
export interface SignedPass {
  signedLeaves: number | null;
  fault: string | null;
}

interface SignDeps {
  db: ArchiveDb;
  config: Config;
  log: Logger;
  now: Now;
  signal: AbortSignal;
}

/**
 * Signs the ledger after a pass, logs the result, has the checkpoint cosigned, and publishes it if that is configured.
 * If signing fails, what was collected is kept: the failure is logged and returned, and the next pass that can sign
 * also signs the leaves of this one.
 */
export async function signPass(deps: SignDeps): Promise<SignedPass> {
  const { db, config, log, now, signal } = deps;
  const { ledgerKey: keyPath, authDb, witnesses = [] } = config;
  let made: MadeCheckpoint;
  try {
    const keys = witnesses.map(({ key }) => key);
    made = makeCheckpoint(db.sqlite, { keyPath, authDb, db: config.db, random: randomBytes, now, witnesses: keys });
  } catch (error) {
    // The messages of the archive's own errors are for the person who asked for the pass. Any other error goes only
    // into the log.
    if (!(error instanceof UserFault))
      log.error({ err: error }, 'The ledger could not be signed after the pass. What was collected is kept.');
    return { signedLeaves: null, fault: signingSentence(error) };
  }
  log.info({ size: made.size, checkpoint: made.note }, 'Checkpoint.');
  try {
    await askWitnesses({ db, log, signal, keyPath }, made, witnesses);
    await publishOutside(deps, { ...made, note: cosignedNote(db.sqlite, made) });
  } catch (error) {
    log.error({ err: error }, 'The checkpoint could not be published after the pass. The archive has it.');
  }
  return { signedLeaves: made.size, fault: null };
}
