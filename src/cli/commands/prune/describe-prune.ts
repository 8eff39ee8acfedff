import type { Space } from '../../../archive/prune/give-space-back.ts';
import type { PrunePlan } from '../../../archive/prune/plan-prune.ts';
import type { PruneKind, PruneSelection } from '../../../archive/prune/prunable.ts';
import type { Pruned } from '../../../archive/prune/prune.ts';
import type { EmptyAnswer } from '../../../archive/values/explain-empty.ts';
import type { SignedPass } from '../../../ingest/checkpoints/sign-pass.ts';
import type { PlannedDay } from '../../../lake/forget/plan-days.ts';
import { bytes, count, counted } from '../../text/format.ts';

export interface Plan extends PrunePlan {
  selection: PruneSelection;
  /** What would happen to each sealed day of which something was asked for. */
  sealedDays: readonly PlannedDay[];
  /** Why nothing matches; absent if something does. */
  nothing?: EmptyAnswer;
  space: Space;
  /**
   * How many outputs `--search` does not find yet; 0 without `--search`. `--execute` makes these outputs searchable
   * first.
   */
  unsearchable: number;
}

export interface Done extends Pruned {
  /** What happened to each sealed day of which something was asked for. */
  sealedDays: readonly PlannedDay[];
  /** How many objects went from the lake, each version for itself. */
  versions: number;
  /** Why nothing matches; absent if something does. */
  nothing?: EmptyAnswer;
  space: Space;
  /** Whether the tombstones are signed. If not, the log also says why. */
  signing: Pick<SignedPass, 'fault'>;
  isStopped: boolean;
}

/** What would be removed, and what would stay and why. */
export function describePlan(kind: PruneKind, plan: Omit<Plan, 'selection'>): string[] {
  const { invocations, states, outputs, outputBytes, fromAt, toAt, held, unfinished, young, unsearchable } = plan;
  const stay = [
    ...(held > 0 ? [`${count(held)} held`] : []),
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
    ...describeSealed(plan.sealedDays),
    ...(unsearchable === 0
      ? []
      : [
          `Not known ${counted(unsearchable, 'output')} came so recently that --search does not find them yet; --execute makes them searchable first`,
        ]),
    invocations === 0 && plan.sealedDays.every(({ how }) => how === 'stays')
      ? 'There is nothing to prune.'
      : 'Nothing was removed. Add --execute and --reason to remove it; only a backup can bring it back.',
  ];
}

/** What was removed. */
export function describeDone(kind: PruneKind, { space, signing, isStopped, ...pruned }: Done): string[] {
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
    ...describeSealed(pruned.sealedDays, pruned.versions),
    ...(signing.fault === null ? [] : [`NOT SIGNED: ${signing.fault}`]),
    ...(isStopped ? ['Stopped before the end: run it again to go on.'] : []),
  ];
}

const MOST_NAMED = 10;

/** What happens, or happened, to sealed days. `versions` is how many objects went from the lake, once they have. */
function describeSealed(days: readonly PlannedDay[], versions?: number): string[] {
  if (days.length === 0) return [];
  const of = (how: PlannedDay['how']) => days.filter((day) => day.how === how);
  const goes = (some: readonly PlannedDay[]) =>
    counted(
      some.reduce((sum, day) => sum + day.goes, 0),
      'invocation',
    );
  const [removed, rewritten, stays] = [of('removed'), of('rewritten'), of('stays')];
  const lines = [
    ...(removed.length > 0
      ? [`${counted(removed.length, 'day')} as a whole, ${goes(removed)}: ${named(removed)}`]
      : []),
    ...(rewritten.length > 0
      ? [`${counted(rewritten.length, 'day')} sealed again without ${goes(rewritten)}: ${named(rewritten)}`]
      : []),
    ...stays.slice(0, MOST_NAMED).map((day) => `${day.day} stays: ${whyItStays(day)}`),
    ...(stays.length > MOST_NAMED ? [`${counted(stays.length - MOST_NAMED, 'more day')} that stay`] : []),
    ...(versions === undefined ? [] : [`${counted(versions, 'object')} gone from the lake, each version counted`]),
  ];
  return lines.map((line, n) => `${n === 0 ? 'Sealed    ' : '          '}${line}`);
}

function named(days: readonly PlannedDay[]): string {
  const names = days.slice(0, MOST_NAMED).map(({ day }) => day);
  return `${names.join(', ')}${days.length > MOST_NAMED ? ', …' : ''}`;
}

function whyItStays({ held, unfinished, young, goes }: PlannedDay): string {
  if (held > 0)
    return `${counted(held, 'invocation')} of it ${held === 1 ? 'is' : 'are'} held, and a hold keeps the whole day`;
  const why = [
    ...(unfinished > 0 ? [`${count(unfinished)} unfinished`] : []),
    ...(young > 0 ? [`${count(young)} that the service still shows`] : []),
  ];
  return why.length > 0 ? why.join('; ') : `${counted(goes, 'invocation')} changed meanwhile: run it again`;
}
