import type { Verdict } from '../../../archive/verify/judge-parts.ts';
import { saySealed } from '../../../archive/verify/sealed/say-sealed.ts';
import type { LakeVerdict } from '../../../lake/verify/judge-days.ts';
import { bytes, count, counted } from '../../text/format.ts';

/** The verdict on an archive, and on its lake if that was read. */
export interface WholeVerdict extends Verdict {
  lake?: LakeVerdict;
}

/**
 * Adds what was found in the lake to the verdict on the file. What is wrong in the lake is wrong with the archive. A
 * sample says nothing of the other days, and a note says so.
 */
export function withLake(verdict: Verdict, lake: LakeVerdict | undefined): WholeVerdict {
  if (!lake) return verdict;
  const unread = saySealed(verdict);
  const notes = [
    ...verdict.notes.filter((note) => !unread.includes(note)),
    sayLake(lake),
    ...sayCommands(lake),
    ...sayGone(lake),
  ];
  if (lake.faults.length === 0) return { ...verdict, notes, lake };
  const faults = [...verdict.faults, ...lake.faults];
  return {
    ...verdict,
    ...{ verdict: 'not-intact', isIntact: false, heldLeaves: 0, heldBy: null, doubts: [], faults, notes, lake },
  };
}

/** Returns the words that the first line has about the lake; empty if there is nothing to say. */
export function lakeInHead({ sealedDays, lake }: WholeVerdict): string {
  if (lake && lake.days < lake.ofDays) return `, ${count(lake.days)} OF ${count(lake.ofDays)} DAYS OF THE LAKE READ`;
  return lake || sealedDays === 0 ? '' : ', LAKE NOT READ';
}

function sayLake({ days, ofDays, objects, bytes: size, leaves, invocations }: LakeVerdict): string {
  const rows = `${counted(leaves, 'leaf', 'leaves')} of ${counted(invocations, 'invocation')} in ${counted(objects, 'object')} (${bytes(size)})`;
  return days === ofDays
    ? `The lake was read: ${rows} of ${counted(days, 'sealed day')}, each compared with the ledger.`
    : `The lake was read in part: ${rows} of ${counted(days, 'sealed day')}, chosen at random from ${count(ofDays)}. Nothing is said of the others.`;
}

function sayGone({ goneObjects, versionsHidden, faults }: LakeVerdict): string[] {
  if (goneObjects === 0) return [];
  const objects = `${counted(goneObjects, 'object')} in the lake of which something was pruned`;
  if (versionsHidden !== null) return [`Of ${objects} only the present versions were looked for. ${versionsHidden}`];
  return faults.length > 0
    ? [`${objects}: all versions were looked for.`]
    : [`${objects}: no version with what was pruned is left.`];
}

function sayCommands({ months, commands, changedCommands }: LakeVerdict): string[] {
  if (months === 0) return [];
  const read = `${counted(commands, 'command')} of ${counted(months, 'month')} in the lake were compared with the file`;
  return changedCommands === 0
    ? [`${read}, and are the same.`]
    : [
        `${read}: ${count(changedCommands)} changed or were pruned in the file since they were written, which is no fault.`,
      ];
}
