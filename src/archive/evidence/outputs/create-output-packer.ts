import { type OutputFacts, outputEntry } from '../../../ledger/entries/output-entry.ts';
import type { RedactableMember } from '../../../ledger/entries/redactable-members.ts';
import { openEntry } from '../open-entry.ts';
import { fullOutputOfEntry, type PackedOutput } from './full-output-of-entry.ts';
import { withheldOfOutput } from './withheld-of-output.ts';

/** What a pack leaves out of fetched outputs. */
export interface LeftOut {
  redacted: readonly RedactableMember[];
  withoutOutputs: boolean;
}

/** A fetched output as a pack has it, with its entry. */
export interface OutputWithEntry {
  output: PackedOutput;
  entry: string;
  openings: { salt: string; value: string }[];
}

/** Returns a function that takes what is known of a fetched output, and returns what a pack has of it. */
export function createOutputPacker({ redacted, withoutOutputs }: LeftOut) {
  const withheld = withheldOfOutput(redacted);
  return (facts: OutputFacts, isPruned: boolean): OutputWithEntry => {
    const openings: OutputWithEntry['openings'] = [];
    const entry = outputEntry(facts, ({ salt, value }, member) => {
      if (member !== undefined && !withheld.has(member)) openings.push({ salt: salt.toString('hex'), value });
    });
    const output = fullOutputOfEntry(openEntry(entry, openings).text, { isPruned, withoutOutputs });
    if (!output) throw new Error('An entry is not of a full output: ssm-archive verify says what is wrong.');
    return { output, entry, openings };
  };
}
