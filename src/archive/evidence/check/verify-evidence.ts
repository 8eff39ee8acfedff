import { createHash } from 'node:crypto';
import { type Checkpoint, parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import { type NoteVerifier, parseVerifierKey } from '../../../ledger/notes/note-key.ts';
import { openNote } from '../../../ledger/notes/signed-note.ts';
import { addFault, type Fault } from '../../verify/fault.ts';
import type { OutsideCheckpoint } from '../../verify/outside/outside-checkpoint.ts';
import { absenceOf, isEmptyPack } from '../coverage/absence-of.ts';
import { certificateOfPack } from '../coverage/certificate-of-pack.ts';
import type { PackCoverage } from '../coverage/state-pack-coverage.ts';
import { FILES, type PackUnseen } from '../evidence.ts';
import { sealText } from '../seal-evidence.ts';
import { unseenOfPack } from '../unseen/unseen-of-pack.ts';
import { openZip, type ZippedFile } from '../zip/read-zip.ts';
import { askedOfPack } from './asked-of-pack.ts';
import { type CheckedCommands, checkCommands } from './check-commands-of-pack.ts';
import { type CheckedFullOutputs, checkFullOutputs } from './check-full-outputs-of-pack.ts';
import { type CountedInPack, checkPackCoverage } from './check-pack-coverage.ts';
import { type CheckedStates, checkStates } from './check-states-of-pack.ts';
import { holdToCheckpoints } from './hold-to-checkpoints.ts';
import { readTombstones } from './read-tombstones.ts';

/** The result of verifying a pack. */
export interface PackVerdict extends CheckedStates, CheckedCommands, CheckedFullOutputs {
  /**
   * `genuine`: the pack is unchanged, and the key that signed it was given or has signed a given checkpoint.
   * `consistent`: the parts of the pack fit each other, but the key that signed it is known only from the pack itself,
   * so anybody could have made it. `not-genuine`: `faults` say what is wrong.
   */
  verdict: 'genuine' | 'consistent' | 'not-genuine';
  /** True only if the verdict is `genuine`. */
  isGenuine: boolean;
  /** The key that signed the pack. `isKeyTrusted`: whether this key was given or has signed a given checkpoint. */
  verifierKey: string;
  isKeyTrusted: boolean;
  /** What the pack's certificate says about its span; null if the pack has no signed certificate. */
  coverage: PackCoverage | null;
  /** The pack holds no invocation and no command, or its query has no rows. It then proves an absence only if coverage is complete. */
  isEmpty: boolean;
  /** What the pack lacks: it is set too if there is a command and no invocation. */
  absence: string | null;
  /**
   * Values that were asked for and that the archive had never seen when the pack was made. That they are absent proves
   * nothing about other values.
   */
  neverSeen: readonly PackUnseen[];
  origin: string;
  size: number;
  faults: Fault[];
}

/** The verdict on a pack that could not be read to its end. Its faults say why. */
const UNREAD = {
  ...{
    verdict: 'not-genuine' as const,
    isGenuine: false,
    verifierKey: '',
    isKeyTrusted: false,
    coverage: null,
    isEmpty: false,
    absence: null,
    neverSeen: [],
    origin: '',
    size: 0,
  },
  ...{ states: 0, outputs: 0, rows: 0, redacted: 0, withheld: 0, unprovenRows: 0 },
  ...{ commands: 0, commandStates: 0, senders: 0, fullOutputs: 0, prunedFullOutputs: 0 },
  ...{ withheldCommandStates: 0, withheldSenders: 0, unprovenCommands: 0 },
};

/** What a pack is compared with, apart from keys. */
export interface HeldTo {
  /** Where the keys are from, worded to come after "which is not one of". */
  keysFrom?: string | undefined;
  /** Checkpoints that were kept outside the archive. */
  checkpoints?: readonly OutsideCheckpoint[] | undefined;
}

const MOST_TEXT_BYTES = 64 * 1024 * 1024;
/** The manifest names each file, as SHA256SUMS does, with more text for each. */
const MOST_MANIFEST_BYTES = 4 * MOST_TEXT_BYTES;

/**
 * Verifies an evidence pack without the archive: its files by their sums, the sums by the key's signature, states by
 * their proofs, outputs by their digests, and rows by the states. Also checks that all programs unpack the same files
 * from the ZIP. Throws an error that says what is wrong if the file is not a ZIP or lacks a file that is needed to
 * begin.
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
    // A file that can't be read to its end is not a pack. But if its ZIP has faults, the verdict reports these.
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
  const text = (name: string, most?: number) => zippedText(files, name, most);
  const verifierKey = (await text(FILES.key)).trim();
  const isKeyGiven = trustedKeys.includes(verifierKey);
  if (trustedKeys.length > 0 && !isKeyGiven)
    addFault(faults, `it is signed by ${verifierKey}, which is not one of ${keysFrom}`);
  const key = parseVerifierKey(verifierKey);
  const list = await text(FILES.sums);
  const sums = await checkSums(files, list, faults);
  const sealed = signed(await text(FILES.seal), FILES.seal, key, faults);
  if (sealed !== undefined && sealed !== sealText(list))
    addFault(faults, `${FILES.sums} is not the list that ${FILES.seal} signs`);
  const certified = signed(await text(FILES.certificate), FILES.certificate, key, faults);
  if ((await text(FILES.pem)) !== key.pem) addFault(faults, `${FILES.pem} has another key than ${FILES.key}`);
  const head = signed(await text(FILES.checkpoint), FILES.checkpoint, key, faults);
  const checkpoint = head === undefined ? undefined : parseCheckpoint(head);
  const isKeyTrusted = holdToCheckpoints(checkpoints, { key, checkpoint, faults }) || isKeyGiven;
  const manifest = files.has(FILES.manifest) ? await text(FILES.manifest, MOST_MANIFEST_BYTES) : undefined;
  const printed = await checkPrinted(files, { checkpoint, sums, manifest }, faults);
  const commands = await checkCommands(files, checkpoint, faults);
  const found = { ...printed, ...commands, redacted: printed.redacted + commands.redacted };
  const coverage = await checkCoverage(files, certified, { ...found, origin: checkpoint?.origin ?? '' }, faults);
  const neverSeen = manifest === undefined ? [] : unseenOfPack(manifest);
  const hasEmptyResult = files.get(FILES.resultRows)?.bytes === 0;
  const held = { invocations: found.rows, commands: found.commands, hasEmptyResult };
  const absence = absenceOf(held) ?? null;
  const verdict = faults.length > 0 ? 'not-genuine' : isKeyTrusted ? 'genuine' : 'consistent';
  return {
    ...{ verdict, isGenuine: verdict === 'genuine' },
    ...{ verifierKey, isKeyTrusted, origin: checkpoint?.origin ?? '', size: checkpoint?.size ?? 0 },
    ...{ coverage, isEmpty: isEmptyPack(held), absence, neverSeen },
    ...found,
    faults,
  };
}

/** Checks states, rows and full outputs: which texts a pack must have depends on all of them. */
async function checkPrinted(
  files: ReadonlyMap<string, ZippedFile>,
  packed: { checkpoint: Checkpoint | undefined; sums: ReadonlyMap<string, string>; manifest: string | undefined },
  faults: Fault[],
): Promise<CheckedStates & CheckedFullOutputs> {
  const { checkpoint, sums, manifest = '' } = packed;
  const texts = [...files.keys()].filter((name) => name.startsWith('outputs/'));
  const asked = askedOfPack(manifest, texts.length > 0);
  const isWithoutOutputs = await readTombstones(files, checkpoint, faults);
  const compared = { checkpoint, sums, hasOutputs: !asked.withoutOutputs, isWithoutOutputs };
  const { checked, names } = await checkStates(files, compared, faults);
  const fetched = await checkFullOutputs(files, { ...compared, asked, ...names }, faults);
  for (const name of texts)
    if (!names.named.has(name)) addFault(faults, `${name} belongs to no state and to no full output of the pack`);
  return { ...checked, ...fetched, redacted: checked.redacted + fetched.redacted };
}

async function checkCoverage(
  files: ReadonlyMap<string, ZippedFile>,
  certified: string | undefined,
  found: CountedInPack & { origin: string },
  faults: Fault[],
): Promise<PackCoverage | null> {
  if (certified === undefined) return null;
  const certificate = certificateOfPack(certified);
  if (!certificate) {
    addFault(faults, `${FILES.certificate} is not a certificate of coverage`);
    return null;
  }
  const [manifest, page, guide] = [
    await zippedText(files, FILES.manifest, MOST_MANIFEST_BYTES),
    await zippedText(files, FILES.page),
    await zippedText(files, FILES.guide),
  ];
  return checkPackCoverage({ manifest, page, guide }, certificate, found, faults);
}

async function zippedText(
  files: ReadonlyMap<string, ZippedFile>,
  name: string,
  most = MOST_TEXT_BYTES,
): Promise<string> {
  const file = files.get(name);
  if (!file) throw new Error(`it has no ${name}`);
  if (file.bytes > most) throw new Error(`its ${name} has ${file.bytes} bytes, which is too large for such a file`);
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

/** Returns the SHA-256 of every file that is listed and exists. */
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
      addFault(faults, `${FILES.sums} has a line that is not a SHA-256 and a name: ${JSON.stringify(line)}`);
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
