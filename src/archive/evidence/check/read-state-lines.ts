import { hashLeaf } from '../../../ledger/tree/hash-leaf.ts';
import { rootOfInclusion } from '../../../ledger/tree/root-of-inclusion.ts';
import { addFault, type Fault } from '../../verify/fault.ts';
import { StateLine } from '../state-line.ts';
import type { ZippedFile } from '../zip/read-zip.ts';
import { linesOf } from './lines-of.ts';
import { parsed } from './parsed.ts';

/** The size of the ledger and the root of its tree; undefined if no signed checkpoint says them. */
export type Head = { size: number; root: Uint8Array } | undefined;

/** A line of a pack, and where it is, for the sentences about it. */
export interface ReadLine {
  state: StateLine;
  name: string;
  /** The line as JSON: it may have more members than a state. */
  value: unknown;
}

/**
 * The lines of a file of states, in their order. It is a fault if a line is not a state, which is then left out, or not
 * in the ledger.
 */
export async function* readStateLines(file: ZippedFile, head: Head, faults: Fault[]): AsyncGenerator<ReadLine> {
  let n = 0;
  for await (const line of linesOf(file.stream())) {
    n += 1;
    const name = `line ${n} of ${file.name}`;
    const value = parsed(line);
    const state = StateLine.safeParse(value).data;
    if (!state) {
      addFault(faults, `${name} is not a state`);
      continue;
    }
    if (head && !isIn(head, state)) addFault(faults, `the state in ${name} is not in the ledger`, state.leaf);
    yield { state, name, value };
  }
}

/** Whether the proof of a line leads from its entry, or its hash, to the root. */
export function isIn({ size, root }: NonNullable<Head>, state: StateLine): boolean {
  const { leaf, proof } = state;
  try {
    const hashes = proof.map((hash) => Buffer.from(hash, 'base64'));
    const hash = 'hash' in state ? Buffer.from(state.hash, 'base64') : hashLeaf(state.entry);
    return rootOfInclusion(hash, leaf, size, hashes).equals(root);
  } catch {
    return false;
  }
}
