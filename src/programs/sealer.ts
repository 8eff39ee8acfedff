import { dirname } from 'node:path';
import { makeWorkFolder, removeDeadWork } from '../archive/evidence/work-folder.ts';
import { openExistingArchive } from '../archive/file/open-archive.ts';
import { settleArchiveNumber } from '../archive/number/settle-archive-number.ts';
import { giveSpaceBack } from '../archive/prune/give-space-back.ts';
import { keepNamedOutputs } from '../archive/prune/named-outputs.ts';
import type { PlannedDay } from '../archive/prune/sealed/planned-day.ts';
import { readSealedDay } from '../archive/sealed/read-sealed-days.ts';
import { originsOf } from '../archive/signing/origins-of.ts';
import type { ArchiveDb } from '../db/open.ts';
import { connectToRead } from '../db/reading/connect-to-read.ts';
import { signPass } from '../ingest/checkpoints/sign-pass.ts';
import { holdBothLeases } from '../ingest/passes/hold-both-leases.ts';
import { type HeldLease, type HoldDeps, holdLease } from '../ingest/passes/hold-lease.ts';
import { dropCopy } from '../lake/cache/drop-copy.ts';
import { placeOfLake } from '../lake/files/place-of-lake.ts';
import { finishForgetting } from '../lake/forget/finish-forgetting.ts';
import { forget } from '../lake/forget/forget.ts';
import type { ForgetDeps } from '../lake/forget/forget-deps.ts';
import { planDays } from '../lake/forget/plan-days.ts';
import { putTombstones } from '../lake/forget/put-tombstones.ts';
import { openSealedDays } from '../lake/read/open-sealed-days.ts';
import { bringDayBack } from '../lake/seal/bring-day-back.ts';
import { explainSeal } from '../lake/seal/explain-seal.ts';
import { proveDays } from '../lake/seal/prove-days.ts';
import type { SealedNow } from '../lake/seal/seal-day.ts';
import { sealDays } from '../lake/seal/seal-days.ts';
import { startStager } from '../lake/stager/start-stager.ts';
import { openStore } from '../lake/store/open-store.ts';
import { lowerPriority } from '../lib/child/lower-priority.ts';
import { type Say, serveParent } from '../lib/child/serve-parent.ts';
import { UserFault } from '../lib/errors/user-fault.ts';
import { createLogger } from '../lib/logger.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';
import {
  type ForgetOutcome,
  type ForgetTask,
  type PlanForgetTask,
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
  { seal, unseal, planForget, forget: forgetTask },
  { errors: sealErrors, tells: { stop }, ready: () => undefined, stop, isOnce: true },
);

function seal(task: SealTask, say: Say<SealerProtocol>): Promise<SealOutcome> {
  return underLease(task, say, holdSeal, async ({ db, deps, lake }) => {
    const { config, before } = task;
    const { signal } = stopping;
    const query = { nowMs: now().getTime(), sealAfterMs: lake.sealAfterMs, settlingMs: config.settlingMs, before };
    const run = await sealDays(deps, query);
    const unremoved = await finishForgetting(deps);
    const signing = await signPass({ db, config, log: createLogger(task.logLevel), now, signal });
    await proveDays(deps);
    await putTombstones(deps);
    const space = await giveSpaceBack(db.sqlite, { signal });
    return { ...run, days: run.sealed.map(outcomeOf), signing, space, unremoved, isStopped: signal.aborted };
  });
}

function unseal(task: UnsealTask, say: Say<SealerProtocol>): Promise<UnsealOutcome> {
  return underLease(task, say, holdSeal, async ({ db, deps }) => {
    const { day } = task;
    const sealed = readSealedDay(db.sqlite, day);
    if (!sealed) throw new UserFault(`${day} is not sealed, so there is nothing to bring back.`, { exitCode: 2 });
    if (sealed.prunedSeq !== null)
      throw new UserFault(`${day} was pruned, and nothing of it is left to bring back.`, { exitCode: 2 });
    const invocations = await bringDayBack(deps, day);
    return { day, generation: sealed.generation, invocations, isStopped: stopping.signal.aborted };
  });
}

async function planForget({ config, kind, selection }: PlanForgetTask): Promise<PlannedDay[]> {
  const connect = () => connectToRead(config.db, 'usual', BUSY_TIMEOUT_MS);
  const sqlite = connect();
  const sealedDays = openSealedDays({ place: placeOfLake(config), connect });
  try {
    return await planDays(sqlite, sealedDays, { kind, selection, nowMs: now().getTime() });
  } finally {
    sealedDays.close();
    sqlite.close();
  }
}

function forgetTask(task: ForgetTask, say: Say<SealerProtocol>): Promise<ForgetOutcome> {
  return underLease(task, say, holdBothLeases, async ({ db, deps }) => {
    const { config, kind, selection, by, reason } = task;
    const { signal } = stopping;
    const connect = () => connectToRead(config.db, 'usual', BUSY_TIMEOUT_MS);
    const sealedDays = openSealedDays({ place: placeOfLake(config), connect });
    try {
      const done = await forget({ ...deps, sealedDays }, { kind, selection, by, reason });
      const signing = await signPass({ db, config, log: createLogger(task.logLevel), now, signal });
      await proveDays(deps);
      await putTombstones(deps);
      const space = await giveSpaceBack(db.sqlite, { signal });
      return { ...done, signing, space, isStopped: signal.aborted };
    } finally {
      sealedDays.close();
    }
  });
}

const BUSY_TIMEOUT_MS = 30_000;

interface Sealing {
  db: ArchiveDb;
  deps: Omit<ForgetDeps, 'sealedDays'>;
  lake: NonNullable<SealerTask['config']['lake']>;
}

const holdSeal = (deps: Omit<HoldDeps, 'name'>) => holdLease({ ...deps, name: 'seal' });

/** Opens the archive and the lake, and works while no other process seals or prunes. */
async function underLease<Outcome>(
  { config, file }: SealerTask,
  say: Say<SealerProtocol>,
  hold: (deps: Omit<HoldDeps, 'name'>) => Promise<Pick<HeldLease, 'renew' | 'release'>>,
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
    settleArchiveNumber(sqlite, config.archiveNumber, now().toISOString());
    const lease = await hold({ db, now, signal });
    const store = await openStore(lake.location, { signal, lock: lake.lock });
    await removeDeadWork(dirname(config.db));
    const folder = makeWorkFolder(dirname(config.db), 'sealing');
    const { cacheFolder = '' } = placeOfLake(config) ?? {};
    let origins: readonly string[] | undefined;
    const deps: Sealing['deps'] = {
      ...{ sqlite, store, stage: stager.stage, folder: folder.path, now, signal, renew: lease.renew },
      ...{ sealAfterMs: lake.sealAfterMs, settlingMs: config.settlingMs },
      ...keepNamedOutputs(sqlite),
      dropCopies: (sha256) => dropCopy(cacheFolder, sha256),
      origins: () => {
        origins ??= originsOf(sqlite, config.ledgerKey);
        return origins;
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
