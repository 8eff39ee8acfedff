import { Tombstone } from '../../../ledger/entries/tombstone.ts';
import { addFault, type Fault } from '../../verify/fault.ts';
import { FILES } from '../evidence.ts';
import { openEntry } from '../open-entry.ts';
import { StateLine } from '../state-line.ts';
import type { ZippedFile } from '../zip/read-zip.ts';
import { createRowChecker, type RowChecker } from './check-rows-of-pack.ts';
import { linesOf } from './lines-of.ts';
import { parsed } from './parsed.ts';
import { type Head, isIn, readStateLines } from './read-state-lines.ts';
import { skipMessagesOf } from './skip-messages.ts';

/** The result of checking a pack's states and rows. */
export interface CheckedStates {
  states: number;
  outputs: number;
  rows: number;
  /** Values with only a commitment, states with only a hash, and rows that may belong to those states. */
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
  checkpoint: Head,
  faults: Fault[],
): Promise<CheckedStates> {
  const file = files.get(FILES.states);
  if (!file) throw new Error(`it has no ${FILES.states}`);
  const isWithoutOutputs = await readTombstones(files, checkpoint, faults);
  const rows = createRowChecker();
  const named = new Set<string>();
  const found = { states: 0, redacted: 0, withheld: 0 };
  for await (const { state, name } of readStateLines(file, checkpoint, faults)) {
    found.states += 1;
    if ('hash' in state) {
      found.withheld += 1;
      rows.addWithheld();
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
  checkpoint: Head,
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
    if (fault?.mayBeWithheld && unprovenRows < withheld) unprovenRows += 1;
    else if (fault) addFault(faults, `line ${count} of ${FILES.rows} ${fault.what}`);
  }
  for (const name of rows.left())
    addFault(faults, `${FILES.rows} has no line for ${name}, although there are states of it`);
  return { rows: count, unprovenRows };
}
