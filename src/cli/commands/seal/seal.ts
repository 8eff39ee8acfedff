import type { Command } from '@commander-js/extra-typings';
import type { PlaceOfOther } from '../../../archive/claims/places-of-others.ts';
import { readSpace } from '../../../archive/prune/give-space-back.ts';
import { knownOriginsOf } from '../../../archive/signing/origins-of.ts';
import type { Config } from '../../../config/config.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { openArchiveReadOnly } from '../../../db/open.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { lookAtOwners } from '../../../lake/owners/look-at-owners.ts';
import { planSeal, type SealPlan } from '../../../lake/seal/plan-seal.ts';
import { openStore } from '../../../lake/store/open-store.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { sealApart } from '../../../processes/lake/seal-apart.ts';
import type { SealOutcome } from '../../../processes/lake/sealer-protocol.ts';
import { findOwnFiles, holdOwnFiles } from '../../archive/own-files.ts';
import { openOwnLog } from '../../log/open-log.ts';
import { stopSignal, type Terminal } from '../../terminal.ts';
import { bytes, counted } from '../../text/format.ts';
import { lakeOf } from './lake-of.ts';
import { levelOf } from './level-of.ts';
import { readDay } from './read-day.ts';
import { createSealProgress } from './seal-progress.ts';

const HELP = `
A day is sealed once nothing of it can change any more: it is older than SSM_ARCHIVE_SEAL_AFTER_DAYS, all of it is \
collected or the service has forgotten it, and its runs have ended or were forgotten. Its rows are written as Parquet \
files, read again and compared with the archive and with the leaves of its ledger, put into the lake (SSM_ARCHIVE_LAKE), \
and named in the ledger; only then do they go from the archive's file. Days are sealed in order. "serve" does the same \
by schedule. A seal that was interrupted goes on with the next one.`;

/** `seal`: moves days that can't change any more into the lake. */
export function addSeal(program: Command, terminal: Terminal): void {
  program
    .command('seal')
    .description('move days that can’t change any more into the lake, as Parquet files that the ledger names')
    .option('--before <day>', 'only days before this one, such as 2026-03-01')
    .option('--dry-run', 'only say which days would be sealed, and which wait and why')
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(async ({ before: given, dryRun, json }) => {
      const read = loadConfig(faultOfSchedule);
      const before = given === undefined ? undefined : readDay('--before', given);
      const lake = lakeOf(read.config);
      if (dryRun) {
        const { config, release } = findOwnFiles(read, ['ledgerKey']);
        release();
        const { others, fault } = await othersIn(config, lake.location);
        if (fault !== undefined)
          terminal.warn(`${fault} What other archives of the lake own is what it said at the last seal.`);
        const plan = planOf(config, { sealAfterMs: lake.sealAfterMs, before, others });
        if (json) terminal.json({ lake: lake.location, ...plan });
        else terminal.out(describePlan(plan));
        return;
      }
      const { signal } = stopSignal(terminal, 'Stopping after the present part; what is sealed stays sealed.');
      const { config, release } = holdOwnFiles(read, ['ledgerKey']);
      const progress = createSealProgress(terminal);
      try {
        const logLevel = levelOf(openOwnLog(terminal, config));
        const done = await sealApart({ config, logLevel, before }, { signal, onProgress: progress.show });
        progress.end();
        if (json) terminal.json({ lake: lake.location, ...done });
        else terminal.out(describeDone(lake.location, done));
        if (done.isStopped || done.signing.fault !== null || done.unremoved !== null) process.exitCode = 1;
      } finally {
        progress.end();
        release();
      }
    });
}

interface Plan extends SealPlan {
  /** About how many bytes of the archive's file the days take. */
  frees: number;
}

/** Asks the lake what other archives own; undefined, with a sentence, if it can't be asked. */
async function othersIn(config: Config, location: string): Promise<{ others?: PlaceOfOther[]; fault?: string }> {
  const db = openArchiveReadOnly(config.db);
  try {
    const store = await openStore(location);
    try {
      const origins = knownOriginsOf(db.sqlite, config.ledgerKey);
      return { others: await lookAtOwners({ sqlite: db.sqlite, store, origins: () => origins }) };
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof UserFault) return { fault: error.message };
    throw error;
  } finally {
    db.close();
  }
}

function planOf(
  config: Config,
  {
    sealAfterMs,
    before,
    others,
  }: { sealAfterMs: number; before: string | undefined; others: PlaceOfOther[] | undefined },
): Plan {
  const db = openArchiveReadOnly(config.db);
  try {
    const query = { nowMs: Date.now(), sealAfterMs, settlingMs: config.settlingMs, before, others };
    const plan = planSeal(db.sqlite, query);
    const all = Number(db.sqlite.prepare('SELECT count(*) FROM main.invocations').pluck().get());
    const planned = plan.days.reduce((sum, { invocations }) => sum + invocations, 0);
    const { bytes: size, freeBytes } = readSpace(db.sqlite);
    const frees = all === 0 ? 0 : Math.round(((size - freeBytes) * planned) / all);
    db.confirm();
    return { ...plan, frees };
  } finally {
    db.close();
  }
}

const REASONS = {
  first: '',
  late: ', again: something of it came late',
  unsealed: ', again: it was unsealed',
} as const;

function describePlan({ days, leftovers, waiting, frees }: Plan): string[] {
  return [
    ...days.map(
      ({ day, invocations, reason }) => `Would go  ${day}  ${counted(invocations, 'invocation')}${REASONS[reason]}`,
    ),
    ...leftovers.map((day) => `Would go  ${day}  what an interrupted seal has left`),
    ...(days.length > 0 ? [`Frees     about ${bytes(frees)} of the archive's file`] : []),
    ...describeWaiting(waiting),
    days.length + leftovers.length === 0 ? 'There is nothing to seal.' : 'Nothing was sealed: this was a dry run.',
  ];
}

function describeDone(location: string, done: SealOutcome): string[] {
  const { days, removed, waiting, signing, space, unremoved, isStopped } = done;
  const total = days.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [
    ...days.map(({ day, invocations, leaves, sizeBytes, generation }) => {
      const again = generation > 1 ? `, generation ${generation}` : '';
      return `Sealed    ${day}  ${counted(invocations, 'invocation')}, ${counted(leaves, 'leaf', 'leaves')}, ${bytes(sizeBytes)}${again}`;
    }),
    ...(removed > 0 ? [`Removed   ${counted(removed, 'invocation')} of days that were sealed before`] : []),
    ...describeWaiting(waiting),
    ...(days.length > 0 ? [`Lake      ${location}: ${counted(days.length, 'day')}, ${bytes(total)}`] : []),
    `File      ${bytes(space.bytes)}, of which ${bytes(space.freeBytes)} are free`,
    ...(unremoved === null ? [] : [`NOT REMOVED: what was pruned is still in the lake. ${unremoved}`]),
    ...(signing.fault === null ? [] : [`NOT SIGNED: ${signing.fault}`]),
    ...(isStopped ? ['Stopped before the end: run it again to go on.'] : []),
    ...(days.length + removed === 0 && !isStopped ? ['There is nothing to seal.'] : []),
  ];
}

function describeWaiting(waiting: SealPlan['waiting']): string[] {
  return waiting.map(({ day, why }) => `Waits     ${day} ${why}`);
}
