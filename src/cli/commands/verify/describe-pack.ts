import type { PackVerdict } from '../../../archive/evidence/check/verify-evidence.ts';
import { unseenLines } from '../../../archive/evidence/unseen/unseen-texts.ts';
import { counted } from '../../text/format.ts';
import { joined, type Line, styled } from '../../text/line.ts';
import { coverageLines } from './coverage-lines.ts';
import { howToCheck } from './how-to-check.ts';

const MOST_FAULTS = 10;

interface Held {
  trustedKeys: readonly string[];
  checkpoints: readonly unknown[];
}

/**
 * Returns what `verify` says about a pack. The first line is the verdict. It is green only if a key or checkpoint from
 * outside the pack confirms it.
 */
export function describePack(path: string, verdict: PackVerdict, held: Held): Line[] {
  const head = headOf(path, verdict);
  if (verdict.verifierKey === '') return head;
  const { coverage } = verdict;
  return [
    ...head,
    ...unseenLines(verdict.neverSeen).map((line) => joined('Never seen   ', styled('yellow', line))),
    ...(coverage ? coverageLines(coverage, 13) : []),
    `Holds        ${counted(verdict.rows, 'invocation')}, ${counted(verdict.states, 'observed state')}, ${counted(verdict.outputs, 'output')}${fullOutputs(verdict)}`,
    ...whatWasRun(verdict),
    ...redactions(verdict),
    `Ledger       ${verdict.origin}, ${counted(verdict.size, 'leaf', 'leaves')}`,
    `Signed by    ${verdict.verifierKey} (${trustIn(verdict, held)})`,
    ...(verdict.verdict === 'consistent'
      ? howToCheck({ key: verdict.verifierKey, words: [path], indent: 'To check it  ' })
      : []),
  ];
}

function headOf(path: string, { verdict, faults, absence }: PackVerdict): Line[] {
  const [first, ...others] = faults;
  const nothing: Line[] = absence === null ? [] : ['  ', styled('yellow', absence)];
  if (first)
    return [
      joined(styled('red', 'NOT GENUINE'), `  ${path}`, ...nothing),
      `First        ${first.what}`,
      ...others.slice(0, MOST_FAULTS - 1).map(({ what }) => `             ${what}`),
      ...(others.length >= MOST_FAULTS
        ? [`             and ${others.length - MOST_FAULTS + 1} more: --json has them`]
        : []),
    ];
  if (verdict === 'genuine') return [joined(styled('green', 'GENUINE'), `      ${path}`, ...nothing)];
  return [
    joined(styled('yellow', 'CONSISTENT, SIGNER NOT CHECKED'), `  ${path}`, ...nothing),
    'Why          Its parts fit each other, but only the pack itself says which key signed it: anybody can make up such a pack.',
  ];
}

function trustIn({ isKeyTrusted }: PackVerdict, { trustedKeys, checkpoints }: Held): string {
  if (!isKeyTrusted)
    return trustedKeys.length + checkpoints.length > 0 ? 'not the one that was expected' : 'not checked';
  return trustedKeys.length > 0 ? 'one of the keys given' : 'it signed the checkpoint that was given';
}

/** Packs of earlier versions, and of archives that fetch no outputs, have none. */
function fullOutputs({ fullOutputs: count, prunedFullOutputs: pruned }: PackVerdict): string {
  if (count === 0) return '';
  return `, ${counted(count, 'full output')}${pruned > 0 ? `, of which ${counted(pruned, 'text')} ${pruned === 1 ? 'was' : 'were'} pruned` : ''}`;
}

/** Packs of earlier versions do not say what was run. */
function whatWasRun({ commands, commandStates, senders }: PackVerdict): string[] {
  if (commandStates === 0 && commands === 0) return [];
  const ofSenders = senders > 0 ? `, ${counted(senders, 'sender')}` : '';
  return [
    `What was run ${counted(commands, 'command')}, ${counted(commandStates, 'observed state')} of commands${ofSenders}`,
  ];
}

function redactions(verdict: PackVerdict): string[] {
  const { redacted, withheld, unprovenRows, withheldCommandStates, unprovenCommands, withheldSenders } = verdict;
  const parts = [
    ...(redacted > 0 ? [`${counted(redacted, 'value')} redacted`] : []),
    ...(withheld > 0
      ? [
          `${counted(withheld, 'state')} withheld whole, so that ${counted(unprovenRows, 'row')} cannot be compared with their states`,
        ]
      : []),
    ...(withheldCommandStates > 0
      ? [
          `${counted(withheldCommandStates, 'state')} of commands withheld whole, so that ${counted(unprovenCommands, 'command')} cannot be compared with one`,
        ]
      : []),
    ...(withheldSenders > 0 ? [`${counted(withheldSenders, 'sender')} withheld whole`] : []),
  ];
  if (parts.length === 0) return [];
  return [`Redacted     ${parts.join('; ')}`];
}
