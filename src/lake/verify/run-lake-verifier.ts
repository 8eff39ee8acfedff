import { readSealedDay, type SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { connectToRead, readModeOf } from '../../db/reading/connect-to-read.ts';
import { serveParent } from '../../lib/child/serve-parent.ts';
import { userFaults } from '../../lib/child/user-faults.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { openObjects } from '../cache/open-objects.ts';
import { openStore } from '../store/open-store.ts';
import { checkGone } from './check-gone.ts';
import { LakePlace } from './lake-place.ts';
import type { LakeVerifierProtocol } from './lake-verifier-protocol.ts';
import type { VerifiedDay } from './verified-day.ts';
import { verifyDay } from './verify-day.ts';
import { verifyMonth } from './verify-month.ts';

const BUSY_TIMEOUT_MS = 30_000;
/** So often a day may be sealed again while it is verified. */
const TRIES = 3;

/**
 * The main function of a process that verifies days of the lake, one after another. Its arguments are the archive's
 * path, the way in which to open it, and the place of the lake as JSON.
 */
export async function runLakeVerifier(): Promise<void> {
  const [, , path = '', mode, json = ''] = process.argv;
  const sqlite = connectToRead(path, readModeOf(mode), BUSY_TIMEOUT_MS);
  sqlite.pragma('trusted_schema = OFF');
  const { location, cacheFolder, cacheBytes } = LakePlace.parse(JSON.parse(json));
  const store = await openStore(location);
  const objects = openObjects(store, { folder: cacheFolder, maxBytes: cacheBytes, isFresh: true });

  async function verifyOnce(day: SealedDay, onLeaves: (count: number) => void): Promise<VerifiedDay> {
    sqlite.exec('BEGIN');
    try {
      return await verifyDay({ sqlite, store, objects, onLeaves }, day);
    } finally {
      sqlite.exec('ROLLBACK');
    }
  }

  serveParent<LakeVerifierProtocol>(
    {
      async verify(name, say) {
        for (let attempt = 1; ; attempt++) {
          const day = readSealedDay(sqlite, name);
          if (!day) throw new Error(`${name} is not sealed.`);
          if (day.prunedSeq !== null || day.isPruning)
            throw new UserFault(`${name} was pruned while the lake was verified. Verify it again.`);
          const found = await verifyOnce(day, (count) => say('leaves', count));
          // An object that was replaced meanwhile is not the one that was asked for.
          const isCurrent = readSealedDay(sqlite, name)?.generation === day.generation;
          if (isCurrent || attempt === TRIES) return found;
        }
      },
      checkGone: () => checkGone(sqlite, store),
      verifyMonth: (month) => verifyMonth({ sqlite, store, objects }, month),
    },
    { errors: userFaults, tells: {}, ready: () => undefined },
  );
}
