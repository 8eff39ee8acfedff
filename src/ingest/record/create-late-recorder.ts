import type { ReplyTally, ReplyToRecord } from '../../archive/record/record-replies.ts';
import { findLate } from '../../archive/sealed/find-late.ts';
import type { FindSealed } from '../../archive/sealed/sealed-invocations.ts';
import { SealedMeanwhile } from '../../archive/sealed/sealed-meanwhile.ts';
import type { ArchiveDb } from '../../db/open.ts';

/** How often a reply is tried whose rows went to the lake while it was being recorded. */
const TRIES = 5;

/**
 * Returns a function that records a reply as `record` does, also if invocations in it belong to sealed days: it looks
 * for them in the lake first, so that an unchanged one is not recorded again, and the rows of a changed one are back
 * before the change is recorded. Rejects with a sentence for the user if the lake is needed and can't be read.
 */
export function createLateRecorder(
  { sqlite }: ArchiveDb,
  find: FindSealed,
  record: (reply: ReplyToRecord) => Promise<ReplyTally>,
): (reply: ReplyToRecord) => Promise<ReplyTally> {
  return async (reply) => {
    for (let n = 1; ; n++) {
      const sealed = await findLate(sqlite, find, reply);
      try {
        return await record(sealed.size === 0 ? reply : { ...reply, sealed });
      } catch (error) {
        if (!(error instanceof SealedMeanwhile) || n === TRIES) throw error;
      }
    }
  };
}
