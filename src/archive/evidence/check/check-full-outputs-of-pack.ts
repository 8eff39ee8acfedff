import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { asMembers } from '../../../model/read-member.ts';
import { addFault, type Fault } from '../../verify/fault.ts';
import { FILES, REDACTED } from '../evidence.ts';
import { openEntry } from '../open-entry.ts';
import { fullOutputOfEntry, OUTPUT_NAMES, type PackedOutput } from '../outputs/full-output-of-entry.ts';
import { withheldOfOutput } from '../outputs/withheld-of-output.ts';
import type { ZippedFile } from '../zip/read-zip.ts';
import type { AskedOfPack } from './asked-of-pack.ts';
import { type Head, type ReadLine, readStateLines } from './read-state-lines.ts';

/** The result of checking what was fetched. All are 0 for a pack from before packs had full outputs. */
export interface CheckedFullOutputs {
  fullOutputs: number;
  /** How many of them have no text any more. */
  prunedFullOutputs: number;
  /** Values with only a commitment. */
  redacted: number;
}

/** What the rest of the pack says, with which the lines are compared. */
export interface RestOfPack {
  checkpoint: Head;
  asked: AskedOfPack;
  /** The SHA-256 of each file. */
  sums: ReadonlyMap<string, string>;
  /** The keys of the pack's invocations. */
  keys: ReadonlySet<string>;
  /** The files of outputs that states name. Those that lines name are added. */
  named: Set<string>;
  isWithoutOutputs(leaf: number): boolean;
}

/**
 * Checks lines about fetched outputs against the checkpoint with their proofs, against their entries, and the files
 * that they name against their digests.
 */
export async function checkFullOutputs(
  files: ReadonlyMap<string, ZippedFile>,
  rest: RestOfPack,
  faults: Fault[],
): Promise<CheckedFullOutputs> {
  const found: CheckedFullOutputs = { fullOutputs: 0, prunedFullOutputs: 0, redacted: 0 };
  const file = files.get(FILES.fullOutputs);
  if (!file) return found;
  let last = -1;
  for await (const line of readStateLines(file, rest.checkpoint, faults)) {
    const { state, name } = line;
    found.fullOutputs += 1;
    const fault = (what: string) => addFault(faults, `${name}${what}`, state.leaf);
    if (state.leaf <= last) fault(' is not in the order of the ledger, or is there twice');
    last = state.leaf;
    try {
      const output = checkLine(line, { rest, found }, fault);
      if (output?.isPruned) found.prunedFullOutputs += 1;
      if (output?.file) checkFile(output, output.file, { files, sums: rest.sums }, fault);
    } catch (error) {
      fault(`: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return found;
}

/** Returns the output as its entry shows it; undefined if the line has no entry of an output. */
function checkLine(
  { state, value }: ReadLine,
  { rest, found }: { rest: RestOfPack; found: CheckedFullOutputs },
  fault: (what: string) => void,
): PackedOutput | undefined {
  const { withoutOutputs, redacted } = rest.asked;
  const isPruned = rest.isWithoutOutputs(state.leaf);
  const opened = 'hash' in state ? undefined : openEntry(state.entry, state.openings);
  const output = opened && fullOutputOfEntry(opened.text, { isPruned, withoutOutputs });
  if (!output) {
    fault(': its entry is not of a full output');
    return undefined;
  }
  found.redacted += opened.redacted;
  const line = asMembers(value) ?? {};
  for (const name of OUTPUT_NAMES)
    if (canonicalJson(line[name] ?? null) !== canonicalJson(output[name]))
      fault(`: its ${name} is not what ${NOT_OF_ENTRY[name] ?? 'its entry says'}`);
  const withheld = withheldOfOutput(redacted);
  const closed = {
    digest: output.sha256 === REDACTED,
    size: output.sizeBytes === null,
    location: output.location === REDACTED,
  };
  for (const member of ['digest', 'size', 'location'] as const)
    if (closed[member] && !withheld.has(member))
      fault(`: its ${member} is withheld, although the pack does not redact it`);
  const { accountId, region, commandId, instanceId } = output;
  if (!rest.keys.has(canonicalJson([accountId, region, commandId, instanceId])))
    fault(`: ${FILES.rows} does not have its invocation`);
  if (output.file) rest.named.add(output.file);
  return output;
}

const NOT_OF_ENTRY: Partial<Record<(typeof OUTPUT_NAMES)[number], string>> = {
  isPruned: 'the tombstones say',
  file: 'its entry, the tombstones and the question of the pack say',
};

/** The file must have exactly the bytes that were fetched. */
function checkFile(
  { sha256, sizeBytes }: PackedOutput,
  name: string,
  { files, sums }: { files: ReadonlyMap<string, ZippedFile>; sums: ReadonlyMap<string, string> },
  fault: (what: string) => void,
): void {
  const sum = sums.get(name);
  if (sum === undefined) fault(`: its text ${name} is missing`);
  else if (sum !== sha256) fault(`: its text ${name} is not the one that was fetched`);
  else if (files.get(name)?.bytes !== sizeBytes) fault(`: its text ${name} does not have the size that its entry says`);
}
