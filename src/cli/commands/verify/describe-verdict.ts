import { counted, duration } from '../../text/format.ts';
import { joined, type Line, styled } from '../../text/line.ts';
import { howToCheck } from './how-to-check.ts';
import { lakeInHead, type WholeVerdict } from './with-lake.ts';

const MOST_FAULTS = 10;

export interface HowItWasHeld {
  keysFrom: string | undefined;
  advice: readonly string[];
}

/**
 * Returns what `verify` says about an archive. The first line is the verdict. It is green only if a key or checkpoint
 * from outside the archive confirms it.
 */
export function describeVerdict(path: string, verdict: WholeVerdict, held: HowItWasHeld, elapsedMs: number): Line[] {
  const { size, root, revisions, pruned, sealed, sealedDays, checkpoints, cosignatures, witnesses } = verdict;
  return [
    ...headOf(path, verdict),
    `Ledger      ${counted(size, 'leaf', 'leaves')}, ${counted(revisions, 'revision')} among them; root ${root}`,
    ...(sealed > 0 ? [`In the lake ${counted(sealed, 'leaf', 'leaves')} of ${counted(sealedDays, 'sealed day')}`] : []),
    ...(pruned > 0 ? [`Pruned      ${counted(pruned, 'leaf', 'leaves')}, each under a tombstone of the ledger`] : []),
    `Signed      ${counted(checkpoints, 'checkpoint')} of the file${besides(verdict)}`,
    ...(cosignatures > 0
      ? [`Cosigned    ${counted(cosignatures, 'cosignature')} by ${counted(witnesses, 'witness', 'witnesses')}`]
      : []),
    ...(verdict.signedBy === null ? [] : [`Signed by   ${verdict.signedBy}${heldTo(verdict, held)}`]),
    ...verdict.notes.map((note) => `Note        ${note}`),
    `Took        ${duration(elapsedMs)}`,
    ...(verdict.verdict === 'consistent'
      ? [
          ...held.advice.map((sentence) => `Not checked ${sentence}`),
          ...howToCheck({ key: verdict.signedBy, words: [], indent: 'To check it ' }),
        ]
      : []),
  ];
}

function headOf(path: string, verdict: WholeVerdict): Line[] {
  const { size, heldLeaves, signedLeaves, doubts, faults } = verdict;
  const [first, ...others] = faults;
  if (first)
    return [
      joined(styled('red', 'NOT INTACT'), `  ${path}`),
      `First       ${first.what}`,
      ...others.slice(0, MOST_FAULTS - 1).map(({ what }) => `            ${what}`),
      ...(others.length >= MOST_FAULTS
        ? [`            and ${others.length - MOST_FAULTS + 1} more: --json has them`]
        : []),
    ];
  const unsigned = size - signedLeaves;
  const later =
    unsigned > 0 && signedLeaves > 0
      ? [
          `Not signed  ${counted(unsigned, 'leaf', 'leaves')} after the newest checkpoint; the next checkpoint covers what was added since`,
        ]
      : [];
  if (verdict.verdict === 'intact') {
    const upTo = heldLeaves < size ? ` up to leaf ${heldLeaves} of ${size}` : '';
    return [joined(styled('green', `INTACT${upTo}${lakeInHead(verdict)}`.padEnd(11)), ` ${path}`), ...later];
  }
  return [
    joined(styled('yellow', wordOf(verdict)), `  ${path}`),
    ...doubts.map((doubt, n) => `${n === 0 ? 'Why         ' : '            '}${doubt}`),
    ...later,
  ];
}

/** Returns the verdict's first words. None of these may look like success. */
function wordOf({ heldLeaves, signedLeaves }: WholeVerdict): string {
  if (heldLeaves === 0) return 'CONSISTENT, SIGNER NOT CHECKED';
  if (heldLeaves < signedLeaves) return `CONSISTENT, SIGNER NOT CHECKED AFTER LEAF ${heldLeaves}`;
  return 'CONSISTENT, NOT ALL OF IT HELD';
}

function besides({ outsideCheckpoints, ownOutsideCheckpoints }: WholeVerdict): string {
  const own =
    ownOutsideCheckpoints > 0
      ? `, ${counted(ownOutsideCheckpoints, 'checkpoint')} from the archive's checkpoint folder`
      : '';
  const kept = outsideCheckpoints > 0 ? `, and ${counted(outsideCheckpoints, 'checkpoint')} from elsewhere` : '';
  return own + kept;
}

function heldTo({ verdict, heldBy }: WholeVerdict, { keysFrom }: HowItWasHeld): string {
  if (verdict === 'not-intact') return '';
  if (heldBy === 'key') return ` (as ${keysFrom ?? 'given'} says)`;
  return heldBy === 'checkpoint' ? ' (checked against a checkpoint from elsewhere)' : ' (not checked)';
}
