import type { MadeCheckpoint } from '../../archive/checkpoints/make-checkpoint.ts';
import { publishCheckpoint } from '../../archive/checkpoints/publish-checkpoint.ts';
import type { CheckpointBucketConfig, Config } from '../../config/config.ts';
import type { Logger } from '../../lib/logger.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { Now } from '../../lib/time.ts';
import { Interrupted } from '../../upstream/errors.ts';

const LATER = 'The next pass publishes its own checkpoint, which also covers the leaves of this one.';

interface PublishDeps {
  config: Config;
  log: Logger;
  now: Now;
  /** Once this signal aborts, a put that is under way is given up after some moments. */
  signal: AbortSignal;
}

/**
 * Publishes a checkpoint outside the archive, so that it survives the archive's loss. A failure is only logged: the
 * archive has the checkpoint, and a later one proves everything that this one proves.
 */
export async function publishOutside(deps: PublishDeps, made: MadeCheckpoint): Promise<void> {
  const { config, log } = deps;
  const { checkpointDirectory: directory, checkpointBucket } = config;
  try {
    if (directory !== undefined) await publishCheckpoint(directory, made);
  } catch (error) {
    log.error(
      { err: error, directory },
      `The checkpoint could not be written into ${directory}: make the folder writable, or correct SSM_ARCHIVE_CHECKPOINT_DIRECTORY. ${LATER}`,
    );
  }
  if (checkpointBucket) await putIntoBucket(deps, checkpointBucket, made);
}

async function putIntoBucket(
  { log, now, signal }: PublishDeps,
  config: CheckpointBucketConfig,
  made: MadeCheckpoint,
): Promise<void> {
  const address = `s3://${config.bucket}/${config.prefix}`;
  // Loading the SDK of S3 takes as long as a quiet pass, and few installations have a bucket.
  const { connectBucket } = await import('../../upstream/connect-bucket.ts');
  const bucket = connectBucket({ now, signal, onSilence: (sentence) => log.warn(`${address}: ${sentence}`) }, config);
  const name = objectName(made);
  try {
    await bucket.put(name, made.note);
    log.debug({ object: address + name }, 'The checkpoint is in the bucket.');
  } catch (error) {
    if (error instanceof Interrupted) {
      log.warn(
        `The checkpoint is not in ${address} yet: the pass was told to stop before the bucket had answered. ${LATER}`,
      );
      return;
    }
    const what = error instanceof Error ? error.message : String(error);
    log.error({ err: error }, `The checkpoint could not be put into ${address}. ${what} ${LATER}`);
  } finally {
    bucket.close();
  }
}

/**
 * Returns a name that sorts by time, is safe in URLs and file systems, and depends on the text. Two notes with one name
 * are the same note, so nothing is put twice, not even by two processes.
 */
function objectName({ madeAt, size, note }: MadeCheckpoint): string {
  const digest = sha256(note).toString('hex').slice(0, 16);
  return `checkpoint-${madeAt.replace(/[-:]/g, '')}-${size}-${digest}`;
}
