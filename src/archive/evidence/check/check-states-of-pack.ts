import { addFault, type Fault } from '../../verify/fault.ts';
import { digestsIn } from '../digests-in.ts';
import { FILES } from '../evidence.ts';
import { openEntry } from '../open-entry.ts';
import { fileOfOutput } from '../outputs/full-output-of-entry.ts';
import type { ZippedFile } from '../zip/read-zip.ts';
import { createRowChecker, keyOfRow, type RowChecker } from './check-rows-of-pack.ts';
import { linesOf } from './lines-of.ts';
import { parsed } from './parsed.ts';
import { type Head, readStateLines } from './read-state-lines.ts';
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

/** What the states and rows of a pack name, for the checks of the rest. */
export interface NamedByStates {
  /** The keys of the invocations that have a row. */
  keys: ReadonlySet<string>;
  /** The files of the outputs that states name. */
  named: Set<string>;
}

/** What states and rows are compared with. */
export interface ComparedWith {
  checkpoint: Head;
  /** The SHA-256 of each file. */
  sums: ReadonlyMap<string, string>;
  /** Whether the pack has the texts of outputs. */
  hasOutputs: boolean;
  isWithoutOutputs(leaf: number): boolean;
}

/**
 * Checks states against the checkpoint with their proofs, outputs against their digests, and rows against the states.
 */
export async function checkStates(
  files: ReadonlyMap<string, ZippedFile>,
  { checkpoint, sums, hasOutputs, isWithoutOutputs }: ComparedWith,
  faults: Fault[],
): Promise<{ checked: CheckedStates; names: NamedByStates }> {
  const file = files.get(FILES.states);
  if (!file) throw new Error(`it has no ${FILES.states}`);
  const rows = createRowChecker();
  const named = new Set<string>();
  const names = { keys: new Set<string>(), named: new Set<string>() };
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
      const isPruned = isWithoutOutputs(state.leaf);
      for (const digest of rows.addState(text, isPruned, fault)) named.add(digest);
      if (!isPruned) for (const digest of digestsIn(text)) names.named.add(fileOfOutput(digest));
    } catch (error) {
      fault(error instanceof Error ? error.message : String(error));
    }
  }
  if (hasOutputs) checkOutputs(sums, named, faults);
  const skipMessages = hasOutputs ? await skipMessagesOf(files, named) : undefined;
  const ofRows = await checkRows(files, { rows, skipMessages, keys: names.keys, withheld: found.withheld }, faults);
  return { checked: { ...found, outputs: named.size, ...ofRows }, names };
}

/** The SHA-256 of an output's file must be its name. */
function checkOutputs(sums: ReadonlyMap<string, string>, named: ReadonlySet<string>, faults: Fault[]): void {
  for (const digest of named) {
    const sum = sums.get(fileOfOutput(digest));
    if (sum === undefined) addFault(faults, `the output ${digest}, which a state names, is missing`);
    else if (sum !== digest) addFault(faults, `${fileOfOutput(digest)} does not have the SHA-256 that is its name`);
  }
}

async function checkRows(
  files: ReadonlyMap<string, ZippedFile>,
  {
    rows,
    skipMessages,
    keys,
    withheld,
  }: { rows: RowChecker; skipMessages: ReadonlySet<string> | undefined; keys: Set<string>; withheld: number },
  faults: Fault[],
): Promise<{ rows: number; unprovenRows: number }> {
  const file = files.get(FILES.rows);
  if (!file) throw new Error(`it has no ${FILES.rows}`);
  let count = 0;
  let unprovenRows = 0;
  for await (const line of linesOf(file.stream())) {
    count += 1;
    const row = parsed(line);
    const key = keyOfRow(row);
    if (key !== undefined) keys.add(key);
    const fault = rows.faultOf(row, skipMessages);
    // An invocation without a state may have one or more withheld states.
    if (fault?.mayBeWithheld && unprovenRows < withheld) unprovenRows += 1;
    else if (fault) addFault(faults, `line ${count} of ${FILES.rows} ${fault.what}`);
  }
  for (const name of rows.left())
    addFault(faults, `${FILES.rows} has no line for ${name}, although there are states of it`);
  return { rows: count, unprovenRows };
}
