import { createHash } from 'node:crypto';
import { parseCheckpoint } from '../../ledger/checkpoint.ts';
import { hashLeaf } from '../../ledger/hash-leaf.ts';
import { type NoteVerifier, parseVerifierKey } from '../../ledger/note-key.ts';
import { rootOfInclusion } from '../../ledger/root-of-inclusion.ts';
import { openNote } from '../../ledger/signed-note.ts';
import { Tombstone } from '../../ledger/tombstone.ts';
import { addFault, type Fault } from '../verify/fault.ts';
import type { OutsideCheckpoint } from '../verify/trust/outside-checkpoint.ts';
import { createRowChecker } from './check-rows-of-pack.ts';
import { FILES } from './evidence.ts';
import { holdToCheckpoints } from './hold-to-checkpoints.ts';
import { linesOf } from './lines-of.ts';
import { openEntry } from './open-entry.ts';
import { openZip, type ZippedFile } from './read-zip.ts';
import { sealText } from './seal-evidence.ts';
import { StateLine } from './state-line.ts';

/** What verifying a pack came to. */
export interface PackVerdict {
  /**
   * `genuine`: an archive of which a key or a checkpoint was given has made it as it is. `consistent`: its parts fit each other, and the key
   * that signed it is known from the pack itself alone, so that anybody could have made it up. `not-genuine`: `faults` say what is wrong.
   */
  verdict: 'genuine' | 'consistent' | 'not-genuine';
  /** For `genuine` alone. */
  isGenuine: boolean;
  /** The key that signed it, and whether that is one that was given, or that signed a checkpoint which was given. */
  verifierKey: string;
  isKeyTrusted: boolean;
  origin: string;
  size: number;
  states: number;
  outputs: number;
  rows: number;
  /** Values that are there by a commitment alone; states by their hash alone, and rows whose states those may be. */
  redacted: number;
  withheld: number;
  unprovenRows: number;
  faults: Fault[];
}

/** Of a pack that could not be read to its end, no more is said than why. */
const UNREAD = {
  ...{ verdict: 'not-genuine' as const, isGenuine: false, verifierKey: '', isKeyTrusted: false, origin: '', size: 0 },
  ...{ states: 0, outputs: 0, rows: 0, redacted: 0, withheld: 0, unprovenRows: 0 },
};

/** What a pack is held to beside keys. */
export interface HeldTo {
  /** Where the keys are from, as a sentence goes on behind "which is none of". */
  keysFrom?: string | undefined;
  /** Checkpoints that were kept elsewhere. */
  checkpoints?: readonly OutsideCheckpoint[] | undefined;
}

const MOST_TEXT_BYTES = 64 * 1024 * 1024;

/**
 * Verifies an evidence pack by itself: its files by their sums, those by the key's signature, states by their proofs, outputs by their
 * digests, and rows by the states; and its ZIP, which must be the same to every reader. Throws what is wrong with the file where it is no ZIP at all, or lacks what is needed to begin.
 */
export async function verifyEvidence(
  path: string,
  trustedKeys: readonly string[],
  heldTo: HeldTo = {},
): Promise<PackVerdict> {
  const { files, faults: ofZip, close } = await openZip(path);
  const faults: Fault[] = ofZip.map((what) => ({ what }));
  try {
    return await verifyFiles(files, { trustedKeys, ...heldTo }, faults);
  } catch (error) {
    // What can't be read to its end is no pack; of a ZIP that is made to be read in two ways it is known already that it is none.
    if (ofZip.length === 0) throw error;
    addFault(faults, error instanceof Error ? error.message : String(error));
    return { ...UNREAD, faults };
  } finally {
    await close();
  }
}

async function verifyFiles(
  files: ReadonlyMap<string, ZippedFile>,
  { trustedKeys, keysFrom = 'the keys given', checkpoints = [] }: HeldTo & { trustedKeys: readonly string[] },
  faults: Fault[],
): Promise<PackVerdict> {
  const text = (name: string) => textOf(files, name);
  const verifierKey = (await text(FILES.key)).trim();
  const isKeyGiven = trustedKeys.includes(verifierKey);
  if (trustedKeys.length > 0 && !isKeyGiven)
    addFault(faults, `it is signed by ${verifierKey}, which is none of ${keysFrom}`);
  const key = parseVerifierKey(verifierKey);
  const list = await text(FILES.sums);
  const sums = await checkSums(files, list, faults);
  const sealed = signed(await text(FILES.seal), FILES.seal, key, faults);
  if (sealed !== undefined && sealed !== sealText(list))
    addFault(faults, `${FILES.sums} is not what ${FILES.seal} was signed over`);
  signed(await text(FILES.certificate), FILES.certificate, key, faults);
  if ((await text(FILES.pem)) !== key.pem) addFault(faults, `${FILES.pem} is another key than ${FILES.key}`);
  const head = signed(await text(FILES.checkpoint), FILES.checkpoint, key, faults);
  const checkpoint = head === undefined ? undefined : parseCheckpoint(head);
  const isKeyTrusted = holdToCheckpoints(checkpoints, { key, checkpoint, faults }) || isKeyGiven;
  const found = await checkStates(files, sums, checkpoint, faults);
  const verdict = faults.length > 0 ? 'not-genuine' : isKeyTrusted ? 'genuine' : 'consistent';
  return {
    ...{ verdict, isGenuine: verdict === 'genuine' },
    ...{ verifierKey, isKeyTrusted, origin: checkpoint?.origin ?? '', size: checkpoint?.size ?? 0 },
    ...found,
    faults,
  };
}

async function textOf(files: ReadonlyMap<string, ZippedFile>, name: string): Promise<string> {
  const file = files.get(name);
  if (!file) throw new Error(`it has no ${name}`);
  if (file.bytes > MOST_TEXT_BYTES) throw new Error(`its ${name} has ${file.bytes} bytes, too many to be one`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.stream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function signed(note: string, name: string, key: NoteVerifier, faults: Fault[]): string | undefined {
  try {
    return openNote(note, [key]).text;
  } catch (error) {
    addFault(
      faults,
      `${name} is not signed by the key of the pack: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

/** Gives the SHA-256 of every file that is listed and there. */
async function checkSums(
  files: ReadonlyMap<string, ZippedFile>,
  list: string,
  faults: Fault[],
): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  const listed = new Set<string>([FILES.sums, FILES.seal]);
  for (const line of list.split('\n').slice(0, -1)) {
    const [, expected, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (name === undefined) {
      addFault(faults, `${FILES.sums} has a line that is no sum of a file: ${JSON.stringify(line)}`);
      continue;
    }
    const file = files.get(name);
    listed.add(name);
    if (!file) {
      addFault(faults, `${name} is missing`);
      continue;
    }
    const sum = await sumOf(file);
    sums.set(name, sum);
    if (sum !== expected) addFault(faults, `${name} is not as it was packed`);
  }
  for (const name of files.keys()) if (!listed.has(name)) addFault(faults, `${name} was added to the pack`);
  return sums;
}

async function sumOf(file: ZippedFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.stream()) hash.update(chunk);
  return hash.digest('hex');
}

async function checkStates(
  files: ReadonlyMap<string, ZippedFile>,
  sums: ReadonlyMap<string, string>,
  checkpoint: { size: number; root: Uint8Array } | undefined,
  faults: Fault[],
): Promise<Pick<PackVerdict, 'states' | 'outputs' | 'rows' | 'redacted' | 'withheld' | 'unprovenRows'>> {
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
      addFault(faults, `${name} is no state`);
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
  const checked = await checkRows(files, rows, found.withheld, faults);
  return { ...found, outputs: named.size, ...checked };
}

/** Says of a leaf whether a tombstone in the pack proves that its outputs were pruned. */
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
        addFault(faults, `line ${n} of ${FILES.tombstones} is no tombstone of outputs, or not in the ledger`);
      else ranges.push(...tombstone.seqs);
    }
  }
  ranges.sort(([a], [b]) => a - b);
  return (leaf) => {
    // The last that begins at the leaf or before it; no two overlap.
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

/** An output's file has the SHA-256 of its name. */
function checkOutputs(sums: ReadonlyMap<string, string>, named: ReadonlySet<string>, faults: Fault[]): void {
  for (const digest of named) {
    const sum = sums.get(`outputs/${digest}.txt`);
    if (sum === undefined) addFault(faults, `the output ${digest}, which a state names, is missing`);
    else if (sum !== digest) addFault(faults, `outputs/${digest}.txt is another output`);
  }
}

async function checkRows(
  files: ReadonlyMap<string, ZippedFile>,
  rows: ReturnType<typeof createRowChecker>,
  withheld: number,
  faults: Fault[],
): Promise<{ rows: number; unprovenRows: number }> {
  const file = files.get(FILES.rows);
  if (!file) throw new Error(`it has no ${FILES.rows}`);
  let count = 0;
  let unprovenRows = 0;
  for await (const line of linesOf(file.stream())) {
    count += 1;
    const fault = rows.faultOf(parsed(line));
    // Each may have one state that is withheld, or more.
    if (fault?.isWithoutState && unprovenRows < withheld) unprovenRows += 1;
    else if (fault) addFault(faults, `line ${count} of ${FILES.rows} ${fault.what}`);
  }
  for (const name of rows.left()) addFault(faults, `${FILES.rows} has no ${name}, of which there are states`);
  return { rows: count, unprovenRows };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
