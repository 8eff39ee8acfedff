import { Tombstone } from '../../../ledger/entries/tombstone.ts';
import { hashLeaf } from '../../../ledger/tree/hash-leaf.ts';
import { rootOfInclusion } from '../../../ledger/tree/root-of-inclusion.ts';
import { addFault, type Fault } from '../../verify/fault.ts';
import { FILES } from '../evidence.ts';
import { StateLine } from '../state-line.ts';
import type { ZippedFile } from '../zip/read-zip.ts';
import { createRowChecker, type RowChecker } from './check-rows-of-pack.ts';
import { linesOf } from './lines-of.ts';
import { openEntry } from './open-entry.ts';
import { skipMessagesOf } from './skip-messages.ts';

/** The result of checking a pack's states and rows. */
export interface CheckedStates {
  states: number;
  outputs: number;
  rows: number;
  redacted: number;
  withheld: number;
  unprovenRows: number;
}

/**
 * Checks states against the checkpoint with their proofs, outputs against their digests, and rows against the states.
 */
export async function checkStates(
  files: ReadonlyMap<string, ZippedFile>,
  sums: ReadonlyMap<string, string>,
  checkpoint: { size: number; root: Uint8Array } | undefined,
  faults: Fault[],
): Promise<CheckedStates> {
  const file = files.get(FILES.states);
  if (!file) throw new Error(`it has no ${FILES.states}`);
  const isWithoutOutputs = await readTombstones(files, checkpoint, faults);
  const rows = createRowChecker();
  const named = new Set<string>();
  const found = { states: 0, redacted: 0, withheld: 0 };
  for await (const line of linesOf(file.stream())) {
    found.states += 1;
    const name = `line ${found.states} of ${FILES.states}`;
    const state = StateLine.safeParse(parsed(line)).data;
    if (!state) {
      addFault(faults, `${name} is not a state`);
      continue;
    }
    if (checkpoint && !isIn(checkpoint, state))
      addFault(faults, `the state in ${name} is not in the ledger`, state.leaf);
    if ('hash' in state) {
      found.withheld += 1;
      continue;
    }
    const fault = (what: string) => addFault(faults, `${name}: ${what}`, state.leaf);
    try {
      const { text, redacted } = openEntry(state.entry, state.openings);
      found.redacted += redacted;
      for (const digest of rows.addState(text, isWithoutOutputs(state.leaf), fault)) named.add(digest);
    } catch (error) {
      fault(error instanceof Error ? error.message : String(error));
    }
  }
  const hasOutputs = [...files.keys()].some((name) => name.startsWith('outputs/'));
  if (hasOutputs) checkOutputs(sums, named, faults);
  const skipMessages = hasOutputs ? await skipMessagesOf(files, named) : undefined;
  const checked = await checkRows(files, { rows, skipMessages }, found.withheld, faults);
  return { ...found, outputs: named.size, ...checked };
}

/**
 * Returns a function that takes a leaf and says whether a tombstone in the pack proves that its outputs were pruned.
 */
async function readTombstones(
  files: ReadonlyMap<string, ZippedFile>,
  checkpoint: { size: number; root: Uint8Array } | undefined,
  faults: Fault[],
): Promise<(leaf: number) => boolean> {
  const ranges: Tombstone['seqs'] = [];
  const file = files.get(FILES.tombstones);
  if (file) {
    let n = 0;
    for await (const line of linesOf(file.stream())) {
      n += 1;
      const state = StateLine.safeParse(parsed(line)).data;
      const tombstone = Tombstone.safeParse(state && 'entry' in state ? parsed(state.entry) : undefined).data;
      if (!state || tombstone?.what !== 'outputs' || (checkpoint && !isIn(checkpoint, state)))
        addFault(faults, `line ${n} of ${FILES.tombstones} is not a tombstone of outputs, or is not in the ledger`);
      else ranges.push(...tombstone.seqs);
    }
  }
  ranges.sort(([a], [b]) => a - b);
  return (leaf) => {
    // Find the last range that begins at the leaf or before it. No two ranges overlap.
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle]?.[0] ?? 0) <= leaf + 1) low = middle + 1;
      else high = middle;
    }
    return (ranges[low - 1]?.[1] ?? 0) >= leaf + 1;
  };
}

function isIn({ size, root }: { size: number; root: Uint8Array }, state: StateLine): boolean {
  const { leaf, proof } = state;
  try {
    const hashes = proof.map((hash) => Buffer.from(hash, 'base64'));
    const hash = 'hash' in state ? Buffer.from(state.hash, 'base64') : hashLeaf(state.entry);
    return rootOfInclusion(hash, leaf, size, hashes).equals(root);
  } catch {
    return false;
  }
}

/** The SHA-256 of an output's file must be its name. */
function checkOutputs(sums: ReadonlyMap<string, string>, named: ReadonlySet<string>, faults: Fault[]): void {
  for (const digest of named) {
    const sum = sums.get(`outputs/${digest}.txt`);
    if (sum === undefined) addFault(faults, `the output ${digest}, which a state names, is missing`);
    else if (sum !== digest) addFault(faults, `outputs/${digest}.txt does not have the SHA-256 that is its name`);
  }
}

async function checkRows(
  files: ReadonlyMap<string, ZippedFile>,
  { rows, skipMessages }: { rows: RowChecker; skipMessages: ReadonlySet<string> | undefined },
  withheld: number,
  faults: Fault[],
): Promise<{ rows: number; unprovenRows: number }> {
  const file = files.get(FILES.rows);
  if (!file) throw new Error(`it has no ${FILES.rows}`);
  let count = 0;
  let unprovenRows = 0;
  for await (const line of linesOf(file.stream())) {
    count += 1;
    const fault = rows.faultOf(parsed(line), skipMessages);
    // An invocation without a state may have one or more withheld states.
    if (fault?.isWithoutState && unprovenRows < withheld) unprovenRows += 1;
    else if (fault) addFault(faults, `line ${count} of ${FILES.rows} ${fault.what}`);
  }
  for (const name of rows.left())
    addFault(faults, `${FILES.rows} has no line for ${name}, although there are states of it`);
  return { rows: count, unprovenRows };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
