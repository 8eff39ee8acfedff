import { CosignatureRefused } from '../../archive/checkpoints/cosignature-refused.ts';
import type { MadeCheckpoint } from '../../archive/checkpoints/make-checkpoint.ts';
import { requestCosignature } from '../../archive/checkpoints/request-cosignature.ts';
import type { WitnessConfig } from '../../config/config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { Logger } from '../../lib/logger.ts';
import { OUTGOING } from '../../upstream/calls/outgoing.ts';
import { watchSilence } from '../../upstream/calls/watch-silence.ts';
import { postCheckpoint, WitnessSilent } from '../../upstream/post-checkpoint.ts';

interface AskDeps {
  db: ArchiveDb;
  log: Logger;
  /** The path of the file with the ledger's key. */
  keyPath: string;
  /** Once this signal aborts, the pass waits for no witness: the next pass asks the witnesses. */
  signal: AbortSignal;
  deadlineMs?: number | undefined;
}

/**
 * Asks all witnesses at the same time to cosign a checkpoint, and logs the answer of each. A witness that fails to
 * answer, or answers wrongly, affects neither the others nor the pass; the next pass asks it again.
 */
export async function askWitnesses(
  deps: AskDeps,
  made: MadeCheckpoint,
  witnesses: readonly WitnessConfig[],
): Promise<void> {
  if (!deps.signal.aborted) await Promise.all(witnesses.map((witness) => ask(deps, made, witness)));
}

async function ask(
  { db, log, keyPath, signal: ended, deadlineMs = OUTGOING.witness.wholeMs }: AskDeps,
  made: MadeCheckpoint,
  { url, key }: WitnessConfig,
): Promise<void> {
  const about = { witness: key.slice(0, key.indexOf('+')), url, size: made.size };
  const signal = AbortSignal.any([ended, AbortSignal.timeout(deadlineMs)]);
  const watch = watchSilence((sentence) => log.warn(about, `The witness ${about.witness}: ${sentence}`));
  try {
    const post = (body: string) => postCheckpoint(url, body, { signal, watch });
    const cosignature = await requestCosignature({ sqlite: db.sqlite, keyPath, post }, made, key);
    if (cosignature !== undefined) log.info({ ...about, cosignature }, 'Cosigned.');
  } catch (error) {
    if (ended.aborted) return;
    const beginning = `The witness ${about.witness} has not cosigned the checkpoint.`;
    const later = 'What was collected is kept, and the next pass asks the witness again.';
    if (error instanceof WitnessSilent) log.warn(about, `${beginning} ${error.message} ${later}`);
    else if (error instanceof CosignatureRefused && error.isPassing)
      log.warn({ ...about, said: error.said }, `${beginning} ${error.message} ${later}`);
    else if (error instanceof CosignatureRefused)
      log.error({ ...about, said: error.said }, `${beginning} ${error.message} ${later}`);
    else log.error({ ...about, err: error }, `${beginning} ${later}`);
  }
}
