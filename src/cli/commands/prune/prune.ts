import type { Command } from '@commander-js/extra-typings';
import { countUnsearchable } from '../../../archive/figures/count-unsearchable.ts';
import { giveSpaceBack, readSpace, writeAnew } from '../../../archive/prune/give-space-back.ts';
import { planPrune } from '../../../archive/prune/plan-prune.ts';
import type { PruneKind, PruneSelection } from '../../../archive/prune/prunable.ts';
import { prune } from '../../../archive/prune/prune.ts';
import { sealedBefore } from '../../../archive/prune/sealed-part.ts';
import { indexOutputs } from '../../../archive/record/index-outputs.ts';
import { readSealedDays } from '../../../archive/sealed/read-sealed-days.ts';
import type { Config } from '../../../config/config.ts';
import { loadConfig } from '../../../config/load-config.ts';
import type { ReadConfig } from '../../../config/read-config.ts';
import type { ArchiveDb } from '../../../db/open.ts';
import { openArchiveReadOnly } from '../../../db/open.ts';
import { signPass } from '../../../ingest/checkpoints/sign-pass.ts';
import { holdBothLeases } from '../../../ingest/passes/hold-both-leases.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { cacheFolderOf } from '../../../lake/files/place-of-lake.ts';
import { removeCopies } from '../../../lake/hot/copy-files.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { isoFromMs } from '../../../lib/time.ts';
import { FILTER_NAMES } from '../../../questions/filters.ts';
import { DURATION_FORMS, noSpan, TIME_HELP } from '../../../questions/time/read-time.ts';
import { holdOwnFiles } from '../../archive/own-files.ts';
import { openToWrite } from '../../archive/write-archive.ts';
import { openOwnLog } from '../../log/open-log.ts';
import { whoAsks } from '../../options/who-asks.ts';
import { checkSeen, explainNothing, sayNothing } from '../../questions/check-seen.ts';
import { addFilterOptions, namesOfOptions, readFilterOptions } from '../../questions/filter-options.ts';
import { readingContext } from '../../questions/reading-context.ts';
import { ALLOW_UNSEEN } from '../../questions/refuse-unseen.ts';
import { settleIds } from '../../questions/settle-ids.ts';
import { parseDuration, parseTime, stopSignal, type Terminal } from '../../terminal.ts';
import { bytes, counted, cutTo } from '../../text/format.ts';
import { whyGiven } from '../hold/hold.ts';
import { type Done, describeDone, describePlan, type Plan } from './describe-prune.ts';
import { planSealed, pruneSealed, withSealed } from './prune-sealed.ts';

const HELP = `
Without --execute nothing is removed: the command says what would be removed, and what stays and why. What is removed \
leaves a tombstone in the ledger, and the hashes of its leaves, so that "verify" still succeeds and every proof stays \
valid. What is held, what is unfinished, and what the service still shows always stay.
A sealed day of which everything goes is removed from the lake, in all versions of its objects; of another one a next \
generation without what goes takes its place. A hold on anything of it that was asked for keeps the whole day.
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
        const { selection, ...plan } = await planOf({ config: read.config, kind, terminal }, (sqlite) => {
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

async function planOf(
  { config, kind, terminal }: { config: Config; kind: PruneKind; terminal: Terminal },
  settle: (sqlite: ArchiveDb['sqlite']) => PruneSelection,
): Promise<Plan> {
  const db = openArchiveReadOnly(config.db);
  try {
    const selection = settle(db.sqlite);
    const nowMs = now().getTime();
    const planned = planPrune(db.sqlite, { kind, selection, nowMs });
    const sealedDays =
      planned.sealedBefore === null
        ? []
        : await planSealed({ config, terminal, floor: planned.sealedBefore }, { kind, selection });
    const isNothing = planned.invocations === 0 && sealedDays.length === 0;
    const plan = {
      ...{ ...planned, selection, sealedDays },
      ...(isNothing && { nothing: explainNothing(db.sqlite, selection, config, nowMs) }),
      space: readSpace(db.sqlite),
      unsearchable: selection.q === undefined ? 0 : countUnsearchable(db.sqlite),
    };
    db.confirm();
    return plan;
  } finally {
    db.close();
  }
}

type How = { wait?: true; rewrite?: true; isJson: boolean; allowUnseen: boolean };

async function execute(
  read: ReadConfig,
  request: Parameters<typeof prune>[1],
  how: How,
  terminal: Terminal,
): Promise<Done> {
  const { signal } = stopSignal(
    terminal,
    'Stopping after the present part; the ledger already has the tombstones of what was removed.',
  );
  const { config, release } = holdOwnFiles(read, ['ledgerKey']);
  try {
    const hot = await pruneFile(config, request, { ...how, signal }, terminal);
    const { floor, hasCommandsInLake, ...done } = hot;
    const isInLake = floor !== null || (hasCommandsInLake && config.lake !== undefined);
    if (!isInLake || signal.aborted) return done;
    return withSealed(done, await pruneSealed({ config, terminal, signal }, request));
  } finally {
    // What SQL over the lake was last asked of has the values that were pruned.
    await removeCopies(cacheFolderOf(config.db));
    release();
  }
}

interface DoneInFile extends Done {
  /** The first day that is not sealed, if days before it were asked for. */
  floor: string | null;
  /** Whether commands were removed that the commands of a month in the lake may still have. */
  hasCommandsInLake: boolean;
}

/** Prunes what is in the file. Sealed days are looked at before that, so that nothing goes if the lake can't be read. */
async function pruneFile(
  config: Config,
  request: Parameters<typeof prune>[1],
  { wait, rewrite, signal, ...how }: How & { signal: AbortSignal },
  terminal: Terminal,
): Promise<DoneInFile> {
  const tell = (text: string) => terminal.isInteractive && terminal.draw(cutTo(text, terminal.noteWidth));
  const { selection } = request;
  const db = await openToWrite(config.db, terminal, signal);
  try {
    settleIds(db.sqlite, selection, { terminal, mustBeWhole: true });
    checkSeen(db.sqlite, selection, { ...how, config, terminal });
    const floor = sealedBefore(db.sqlite, selection);
    const sealedDays = floor === null ? [] : await planSealed({ config, terminal, floor, signal }, request);
    const lease = await holdBothLeases({ db, now, signal, ...(wait && { onWait: terminal.note }) });
    try {
      // No pass runs now, so all outputs can be added to the search index.
      if (selection.q !== undefined) await indexOutputs(db.sqlite, signal);
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
      const isNothing = pruned.invocations === 0 && sealedDays.length === 0 && !signal.aborted;
      return {
        ...{ ...pruned, space, signing, isStopped: signal.aborted, sealedDays: [], versions: 0, floor },
        hasCommandsInLake: pruned.commands > 0 && readSealedDays(db.sqlite).length > 0,
        ...(isNothing && { nothing: explainNothing(db.sqlite, selection, config, now().getTime()) }),
      };
    } finally {
      lease.release();
    }
  } finally {
    db.close();
  }
}

function wrongCall(sentence: string): UserFault {
  return new UserFault(sentence, { exitCode: 2 });
}
