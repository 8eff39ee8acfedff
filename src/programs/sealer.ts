import { dirname } from 'node:path';
import { makeWorkFolder, removeDeadWork } from '../archive/evidence/work-folder.ts';
import { openExistingArchive } from '../archive/file/open-archive.ts';
import { giveSpaceBack } from '../archive/prune/give-space-back.ts';
import { createNamedOutputs, type NamedOutputs } from '../archive/prune/named-outputs.ts';
import { readSealedDay } from '../archive/sealed/read-sealed-days.ts';
import type { ArchiveDb } from '../db/open.ts';
import { signPass } from '../ingest/checkpoints/sign-pass.ts';
import { holdLease } from '../ingest/passes/hold-lease.ts';
import { bringDayBack } from '../lake/seal/bring-day-back.ts';
import { explainSeal } from '../lake/seal/explain-seal.ts';
import { proveDays } from '../lake/seal/prove-days.ts';
import type { SealedNow } from '../lake/seal/seal-day.ts';
import { sealDays } from '../lake/seal/seal-days.ts';
import type { SealDeps } from '../lake/seal/seal-deps.ts';
import { startStager } from '../lake/stager/start-stager.ts';
import { openStore } from '../lake/store/open-store.ts';
import { lowerPriority } from '../lib/child/lower-priority.ts';
import { type Say, serveParent } from '../lib/child/serve-parent.ts';
import { UserFault } from '../lib/errors/user-fault.ts';
import { createLogger } from '../lib/logger.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';
import {
  type SealedDayOutcome,
  type SealerProtocol,
  type SealerTask,
  type SealOutcome,
  type SealTask,
  sealErrors,
  type UnsealOutcome,
  type UnsealTask,
} from '../processes/lake/sealer-protocol.ts';

// The composition root of a sealing process: processes/lake/seal-apart.ts starts one for each seal.

endVisibly();

// On a machine with few cores, answers and collecting get priority.
lowerPriority();

const stopping = new AbortController();
const stop = () => stopping.abort();
const now = () => new Date();

serveParent<SealerProtocol>(
  { seal, unseal },
  { errors: sealErrors, tells: { stop }, ready: () => undefined, stop, isOnce: true },
);

function seal(task: SealTask, say: Say<SealerProtocol>): Promise<SealOutcome> {
  return underLease(task, say, async ({ db, deps, lake }) => {
    const { config, before } = task;
    const { signal } = stopping;
    const query = { nowMs: now().getTime(), sealAfterMs: lake.sealAfterMs, settlingMs: config.settlingMs, before };
    const run = await sealDays(deps, query);
    const signing = await signPass({ db, config, log: createLogger(task.logLevel), now, signal });
    await proveDays(deps);
    const space = await giveSpaceBack(db.sqlite, { signal });
    return { ...run, days: run.sealed.map(outcomeOf), signing, space, isStopped: signal.aborted };
  });
}

function unseal(task: UnsealTask, say: Say<SealerProtocol>): Promise<UnsealOutcome> {
  return underLease(task, say, async ({ db, deps }) => {
    const { day } = task;
    const sealed = readSealedDay(db.sqlite, day);
    if (!sealed) throw new UserFault(`${day} is not sealed, so there is nothing to bring back.`, { exitCode: 2 });
    const invocations = await bringDayBack(deps, day);
    return { day, generation: sealed.generation, invocations, isStopped: stopping.signal.aborted };
  });
}

interface Sealing {
  db: ArchiveDb;
  deps: SealDeps;
  lake: NonNullable<SealerTask['config']['lake']>;
}

/** Opens the archive and the lake, and works while no other process seals or prunes. */
async function underLease<Outcome>(
  { config, file }: SealerTask,
  say: Say<SealerProtocol>,
  work: (sealing: Sealing) => Promise<Outcome>,
): Promise<Outcome> {
  const { lake } = config;
  if (!lake) throw new UserFault('There is no lake: set lake in archive.yaml, or SSM_ARCHIVE_LAKE.', { exitCode: 2 });
  const { signal } = stopping;
  const stager = await startStager();
  let db: ArchiveDb | undefined;
  try {
    db = openExistingArchive(config.db, { ...(file && { mustBe: file }) });
    const { sqlite } = db;
    const lease = await holdLease({ db, name: 'seal', now, signal });
    const store = await openStore(lake.location, { signal });
    await removeDeadWork(dirname(config.db));
    const folder = makeWorkFolder(dirname(config.db), 'sealing');
    let named: NamedOutputs | undefined;
    const deps: SealDeps = {
      ...{ sqlite, store, stage: stager.stage, folder: folder.path, now, signal, renew: lease.renew },
      ...{ sealAfterMs: lake.sealAfterMs, settlingMs: config.settlingMs },
      named: () => {
        named ??= createNamedOutputs(sqlite);
        return named;
      },
      onStep: (step) => say('progress', step),
    };
    try {
      return await work({ db, deps, lake });
    } finally {
      // It writes into the folder.
      await stager.close();
      folder.remove();
      store.close();
      lease.release();
    }
  } catch (error) {
    throw explainSeal(error, { location: lake.location, db: config.db });
  } finally {
    await stager.close();
    db?.close();
  }
}

function outcomeOf({ day, generation, invocations, leaves, objects, removed }: SealedNow): SealedDayOutcome {
  const sizeBytes = objects.reduce((sum, object) => sum + object.sizeBytes, 0);
  return { day, generation, invocations, leaves, sizeBytes, removed };
}
