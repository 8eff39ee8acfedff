import { existsSync } from 'node:fs';
import { type PackVerdict, verifyEvidence } from '../archive/evidence/verify-evidence.ts';
import { BadNoteKey, parseVerifierKey } from '../ledger/note-key.ts';
import { UserFault } from '../lib/user-fault.ts';
import { counted } from './format.ts';
import { joined, type Line, styled } from './line.ts';
import type { Terminal } from './terminal.ts';

interface Options {
  key?: string[] | undefined;
  checkpoint?: string[] | undefined;
  json?: true | undefined;
}

/** `verify <pack>`: an evidence pack by itself. It needs no archive, no configuration and no network. */
export async function verifyPack(path: string, { key, checkpoint, json }: Options, terminal: Terminal): Promise<void> {
  if (checkpoint) throw new UserFault('--checkpoint is for an archive: a pack has its own.', { exitCode: 2 });
  if (!existsSync(path)) throw new UserFault(`There is no pack ${path}.`, { exitCode: 2 });
  const keys = checkedKeys(key ?? []);
  let verdict: PackVerdict;
  try {
    verdict = await verifyEvidence(path, keys);
  } catch (error) {
    throw new UserFault(`${path} can't be verified: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
  if (json) terminal.json({ pack: path, ...verdict });
  else terminal.out(describe(path, verdict));
  if (!verdict.isGenuine) process.exitCode = 1;
}

/** Keys that were given by hand. Throws UserFault for what is none. */
export function checkedKeys(keys: string[]): string[] {
  for (const key of keys) {
    try {
      parseVerifierKey(key);
    } catch (error) {
      if (!(error instanceof BadNoteKey)) throw error;
      throw new UserFault(`--key "${key}" is no key: ${error.message}.`, { exitCode: 2 });
    }
  }
  return keys;
}

function describe(path: string, verdict: PackVerdict): Line[] {
  const [first, ...others] = verdict.faults;
  const head: Line[] = first
    ? [
        joined(styled('red', 'NOT GENUINE'), `  ${path}`),
        `First        ${first.what}`,
        ...others.slice(0, 9).map(({ what }) => `             ${what}`),
        ...(others.length > 9 ? [`             and ${others.length - 9} more: --json has them`] : []),
      ]
    : [joined(styled('green', 'GENUINE'), `      ${path}`)];
  const trust = verdict.isKeyTrusted
    ? 'one of the keys given'
    : "compare it with the archive's own: --key makes this check";
  if (verdict.verifierKey === '') return head;
  return [
    ...head,
    `Holds        ${counted(verdict.rows, 'invocation')}, ${counted(verdict.states, 'observed state')}, ${counted(verdict.outputs, 'output')}`,
    ...redactions(verdict),
    `Ledger       ${verdict.origin}, ${counted(verdict.size, 'leaf', 'leaves')}`,
    `Signed by    ${verdict.verifierKey} (${trust})`,
  ];
}

function redactions({ redacted, withheld, unprovenRows }: PackVerdict): string[] {
  if (redacted === 0 && withheld === 0) return [];
  const parts = [
    ...(redacted > 0 ? [`${counted(redacted, 'value')} redacted`] : []),
    ...(withheld > 0
      ? [`${counted(withheld, 'state')} withheld whole, so that ${counted(unprovenRows, 'row')} can not be held to any`]
      : []),
  ];
  return [`Redacted     ${parts.join('; ')}`];
}
