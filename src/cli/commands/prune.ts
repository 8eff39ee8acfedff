import type { Command } from '@commander-js/extra-typings';
import { countUnsearchable } from '../../archive/figures/count-unsearchable.ts';
import { giveSpaceBack, readSpace, type Space, writeAnew } from '../../archive/prune/give-space-back.ts';
import { type PrunePlan, planPrune } from '../../archive/prune/plan-prune.ts';
import type { PruneKind, PruneSelection } from '../../archive/prune/prunable.ts';
import { type Pruned, prune } from '../../archive/prune/prune.ts';
import { refuseSealed, sealedBefore } from '../../archive/prune/sealed-part.ts';
import { indexOutputs } from '../../archive/record/index-outputs.ts';
import type { EmptyAnswer } from '../../archive/values/explain-empty.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { ReadConfig } from '../../config/read-config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { openArchiveReadOnly } from '../../db/open.ts';
import { type SignedPass, signPass } from '../../ingest/checkpoints/sign-pass.ts';
import { holdBothLeases } from '../../ingest/passes/hold-both-leases.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { isoFromMs } from '../../lib/time.ts';
import { FILTER_NAMES } from '../../questions/filters.ts';
import { DURATION_FORMS, noSpan, TIME_HELP } from '../../questions/time/read-time.ts';
import { holdOwnFiles } from '../archive/own-files.ts';
import { openToWrite } from '../archive/write-archive.ts';
import { openOwnLog } from '../log/open-log.ts';
import { whoAsks } from '../options/who-asks.ts';
import { checkSeen, explainNothing, sayNothing } from '../questions/check-seen.ts';
import { addFilterOptions, namesOfOptions, readFilterOptions } from '../questions/filter-options.ts';
import { readingContext } from '../questions/reading-context.ts';
import { ALLOW_UNSEEN } from '../questions/refuse-unseen.ts';
import { settleIds } from '../questions/settle-ids.ts';
import { parseDuration, parseTime, stopSignal, type Terminal } from '../terminal.ts';
import { bytes, count, counted, cutTo } from '../text/format.ts';
import { whyGiven } from './hold.ts';

const HELP = `
Without --execute nothing is removed: the command says what would be removed, and what stays and why. What is removed \
leaves a tombstone in the ledger, and the hashes of its leaves, so that "verify" still succeeds and every proof stays \
valid. What is held, what is unfinished, and what the service still shows always stay.
A name that the archive has never seen is refused, and the names that may have been meant are printed. Ids of commands \
and nodes may be shortened to their first four characters or more to see what would be removed; --execute takes only \
whole ids.
${TIME_HELP}`;

const now = () => new Date();

/** `prune`: removes history that is no longer needed, and records the removal in the ledger. */
export function addPrune(program: Command, terminal: Terminal): void {
  const command = program.command('prune');
  command
    .description(
      'remove invocations, or only their outputs: shows what would be removed, and removes it with --execute',
    )
    .option('--older-than <length>', `what was requested this long ago or earlier: ${DURATION_FORMS}`)
    .option('--before <time>', 'what was requested before this time')
    .option('--outputs', 'only the outputs; invocations, steps and states stay, with the outputs’ digests')
    .option('--dry-run', 'only say what would be removed; this is the default')
    .option('--execute', 'remove it')
    .option('--reason <text>', 'the reason, which goes into the ledger; --execute needs it')
    .option('--by <name>', 'who prunes (default: the user and the host)')
    .option('--wait', 'if a pass is running, wait for it instead of giving up')
    .option(
      '--rewrite',
      'with --execute: write the whole file again; a file of an older version needs that once to become smaller',
    )
    .option(...ALLOW_UNSEEN)
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(async (options) => {
      const read = loadConfig(faultOfSchedule);
      const asked = selectionOf(options, read.config);
      if (options.dryRun && options.execute) throw wrongCall('Give --dry-run or --execute, not both.');
      const how = { isJson: options.json === true, allowUnseen: options.allowUnseen === true };
      const kind: PruneKind = options.outputs ? 'outputs' : 'invocations';
      if (!options.execute) {
        if (options.rewrite) throw wrongCall('--rewrite is only for --execute.');
        const { selection, ...plan } = planOf(read.config, kind, (sqlite) => {
          const selection = settleIds(sqlite, asked, { terminal });
          checkSeen(sqlite, selection, { ...how, config: read.config, terminal });
          return selection;
        });
        if (options.json) terminal.json({ kind, selection, ...plan });
        else terminal.out(describePlan(kind, plan));
        if (plan.nothing) terminal.note(sayNothing(plan.nothing, selection));
        return;
      }
      if (options.reason === undefined) throw wrongCall('--execute needs --reason: the ledger says why.');
      const request = { kind, selection: asked, by: whoAsks(options.by), reason: whyGiven(options.reason) };
      const done = await execute(read, request, { ...options, ...how }, terminal);
      if (options.json) terminal.json(done);
      else terminal.out(describeDone(kind, done));
      if (done.nothing) terminal.note(sayNothing(done.nothing, asked));
      if (done.isStopped || done.signing.fault !== null) process.exitCode = 1;
    });
  addFilterOptions(command, FILTERS_OF_PRUNE);
}

/** `--to` is named `--before` here, because people usually prune without a `--from`. */
const FILTERS_OF_PRUNE = FILTER_NAMES.filter((name) => name !== 'requestedBefore');

function selectionOf(options: { olderThan?: string; before?: string }, config: Config): PruneSelection {
  if (options.olderThan !== undefined && options.before !== undefined)
    throw wrongCall('Give --older-than or --before, not both.');
  const requestedBefore =
    options.olderThan !== undefined
      ? isoFromMs(now().getTime() - parseDuration('--older-than', options.olderThan))
      : options.before !== undefined
        ? isoFromMs(parseTime('--before', options.before))
        : undefined;
  const asked = readFilterOptions(options, FILTERS_OF_PRUNE, readingContext(config, now()));
  if (asked.requestedAfter !== undefined && requestedBefore !== undefined && asked.requestedAfter >= requestedBefore)
    throw wrongCall(
      `${options.before === undefined ? '--older-than' : '--before'} ${noSpan(
        { name: '--from', at: asked.requestedAfter },
        { name: options.before === undefined ? '--older-than' : '--before', at: requestedBefore },
      )}.`,
    );
  const selection: PruneSelection = { ...asked, ...(requestedBefore !== undefined && { requestedBefore }) };
  if (Object.keys(selection).length === 0)
    throw wrongCall(`Say what to prune: --older-than, --before, ${namesOfOptions(FILTERS_OF_PRUNE)}.`);
  return selection;
}

interface Plan extends PrunePlan {
  selection: PruneSelection;
  /** Why nothing matches; absent if something does. */
  nothing?: EmptyAnswer;
  space: Space;
  /**
   * How many outputs `--search` does not find yet; 0 without `--search`. `--execute` makes these outputs searchable
   * first.
   */
  unsearchable: number;
}

function planOf(config: Config, kind: PruneKind, settle: (sqlite: ArchiveDb['sqlite']) => PruneSelection): Plan {
  const db = openArchiveReadOnly(config.db);
  try {
    const selection = settle(db.sqlite);
    const nowMs = now().getTime();
    const planned = planPrune(db.sqlite, { kind, selection, nowMs });
    const plan = {
      ...planned,
      selection,
      ...(planned.invocations === 0 && { nothing: explainNothing(db.sqlite, selection, config, nowMs) }),
      space: readSpace(db.sqlite),
      unsearchable: selection.q === undefined ? 0 : countUnsearchable(db.sqlite),
    };
    db.confirm();
    return plan;
  } finally {
    db.close();
  }
}

interface Done extends Pruned {
  /** Why nothing matches; absent if something does. */
  nothing?: EmptyAnswer;
  space: Space;
  /** Whether the tombstones are signed. If not, the log also says why. */
  signing: SignedPass;
  isStopped: boolean;
  /** The day before which nothing was removed because the days are sealed; null if no such day was asked for. */
  sealedBefore: string | null;
}

async function execute(
  read: ReadConfig,
  request: Parameters<typeof prune>[1],
  { wait, rewrite, ...how }: { wait?: true; rewrite?: true; isJson: boolean; allowUnseen: boolean },
  terminal: Terminal,
): Promise<Done> {
  const { signal } = stopSignal(
    terminal,
    'Stopping after the present part; the ledger already has the tombstones of what was removed.',
  );
  const tell = (text: string) => terminal.isInteractive && terminal.draw(cutTo(text, terminal.noteWidth));
  const db = await openToWrite(read.config.db, terminal, signal);
  const { config, release } = holdOwnFiles(read, ['ledgerKey']);
  try {
    settleIds(db.sqlite, request.selection, { terminal, mustBeWhole: true });
    checkSeen(db.sqlite, request.selection, { ...how, config, terminal });
    refuseSealed(db.sqlite, request.selection);
    const lease = await holdBothLeases({ db, now, signal, ...(wait && { onWait: terminal.note }) });
    try {
      // No pass runs now, so all outputs can be added to the search index.
      if (request.selection.q !== undefined) await indexOutputs(db.sqlite, signal);
      const pruned = await prune(
        {
          ...{ sqlite: db.sqlite, now, signal, renew: lease.renew },
          onProgress: ({ invocations, commands }) =>
            tell(`${counted(invocations, 'invocation')}, ${counted(commands, 'command')} pruned`),
        },
        request,
      );
      const signing = await signPass({ db, config, log: openOwnLog(terminal, config), now, signal });
      const give = () =>
        giveSpaceBack(db.sqlite, { signal, onProgress: ({ freeBytes }) => tell(`${bytes(freeBytes)} to give back`) });
      const space = rewrite && !signal.aborted ? writeAnew(db.sqlite) : await give();
      if (terminal.isInteractive) terminal.erase();
      const isNothing = pruned.invocations === 0 && !signal.aborted;
      return {
        ...{ ...pruned, space, signing, isStopped: signal.aborted },
        sealedBefore: sealedBefore(db.sqlite, request.selection),
        ...(isNothing && { nothing: explainNothing(db.sqlite, request.selection, config, now().getTime()) }),
      };
    } finally {
      lease.release();
    }
  } finally {
    release();
    db.close();
  }
}

function describePlan(kind: PruneKind, plan: Omit<Plan, 'selection'>): string[] {
  const { invocations, states, outputs, outputBytes, fromAt, toAt, held, sealed, unfinished, young, unsearchable } =
    plan;
  const stay = [
    ...(held > 0 ? [`${count(held)} held`] : []),
    ...(sealed > 0 ? [`${count(sealed)} of sealed days`] : []),
    ...(unfinished > 0 ? [`${count(unfinished)} unfinished`] : []),
    ...(young > 0 ? [`${count(young)} that the service still shows, so that the next pass would bring them back`] : []),
  ];
  const what =
    kind === 'invocations'
      ? `${counted(invocations, 'invocation')} with ${counted(states, 'observed state')} and ${counted(outputs, 'output')} (${bytes(outputBytes)})`
      : `${counted(outputs, 'output')} (${bytes(outputBytes)}) of ${counted(invocations, 'invocation')}`;
  return [
    `Would go  ${what}`,
    ...(fromAt === null ? [] : [`          requested from ${fromAt} to ${toAt}`]),
    `Stays     ${stay.length > 0 ? stay.join('; ') : 'nothing that was asked for'}`,
    ...saySealed(plan.sealedBefore),
    ...(unsearchable === 0
      ? []
      : [
          `Not known ${counted(unsearchable, 'output')} came so recently that --search does not find them yet; --execute makes them searchable first`,
        ]),
    invocations === 0
      ? 'There is nothing to prune.'
      : 'Nothing was removed. Add --execute and --reason to remove it; only a backup can bring it back.',
  ];
}

function describeDone(kind: PruneKind, { space, signing, isStopped, ...pruned }: Done): string[] {
  const { invocations, states, outputs, commands, tombstones } = pruned;
  const what =
    kind === 'invocations'
      ? `${counted(invocations, 'invocation')}, ${counted(states, 'observed state')}, ${counted(outputs, 'output')}, ${counted(commands, 'command')}`
      : `${counted(outputs, 'output')} of ${counted(invocations, 'invocation')}`;
  const size = space.isIncremental
    ? `${bytes(space.bytes)}, of which ${bytes(space.freeBytes)} are free`
    : `${bytes(space.bytes)}, of which ${bytes(space.freeBytes)} are free for new rows; one run with --rewrite makes the file smaller`;
  return [
    `Pruned    ${what}`,
    `Ledger    ${counted(tombstones, 'tombstone')}`,
    `File      ${size}`,
    ...saySealed(pruned.sealedBefore),
    ...(signing.fault === null ? [] : [`NOT SIGNED: ${signing.fault}`]),
    ...(isStopped ? ['Stopped before the end: run it again to go on.'] : []),
  ];
}

function saySealed(day: string | null): string[] {
  return day === null
    ? []
    : [`Sealed    what was requested before ${day} is in the lake; nothing is removed from there yet`];
}

function wrongCall(sentence: string): UserFault {
  return new UserFault(sentence, { exitCode: 2 });
}
