import { z } from 'zod';
import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { sha256 } from '../../../lib/sha256.ts';
import { COMMAND_MEMBERS } from '../../../model/members.ts';
import { addFault, type Fault } from '../../verify/fault.ts';
import { commandOfEntry } from '../commands/command-of-entry.ts';
import { FILES } from '../evidence.ts';
import { openEntry } from '../open-entry.ts';
import type { ZippedFile } from '../zip/read-zip.ts';
import { createLastStates, type LastStates } from './last-states.ts';
import { linesOf } from './lines-of.ts';
import { parsed } from './parsed.ts';
import { type Head, readStateLines } from './read-state-lines.ts';

/** The result of checking what a pack says was run. All are 0 for a pack from before packs had commands. */
export interface CheckedCommands {
  commands: number;
  commandStates: number;
  senders: number;
  /** Values with only a commitment. */
  redacted: number;
  /** States of commands, and senders, with only a hash; and commands that may belong to those states. */
  withheldCommandStates: number;
  withheldSenders: number;
  unprovenCommands: number;
}

type Files = ReadonlyMap<string, ZippedFile>;
type Found = CheckedCommands;

const NAMES = [
  'accountId',
  'region',
  'commandId',
  ...Object.keys(COMMAND_MEMBERS),
  'otherMembers',
  'seenIn',
  'observedAt',
];
const KEY = { accountId: z.string(), region: z.string(), commandId: z.string() };
const Row = z.looseObject(KEY);

/**
 * Checks the states of commands against the checkpoint with their proofs, commands against their last states, and
 * senders against the checkpoint. Throws if the pack has only a part of these files.
 */
export async function checkCommands(files: Files, checkpoint: Head, faults: Fault[]): Promise<CheckedCommands> {
  const found: Found = {
    ...{ commands: 0, commandStates: 0, senders: 0 },
    ...{ redacted: 0, withheldCommandStates: 0, withheldSenders: 0, unprovenCommands: 0 },
  };
  const [states, rows] = [files.get(FILES.commandStates), files.get(FILES.commandRows)];
  if (!states && !rows && !files.has(FILES.senders)) return found;
  if (!states) throw new Error(`it has no ${FILES.commandStates}`);
  if (!rows) throw new Error(`it has no ${FILES.commandRows}`);
  const last = createLastStates();
  await checkStates(states, { checkpoint, last, found }, faults);
  const keys = await checkRows(rows, { last, found }, faults);
  const senders = files.get(FILES.senders);
  if (senders) await checkSenders(senders, { checkpoint, keys, found }, faults);
  return found;
}

async function checkStates(
  file: ZippedFile,
  { checkpoint, last, found }: { checkpoint: Head; last: LastStates; found: Found },
  faults: Fault[],
): Promise<void> {
  for await (const { state, name } of readStateLines(file, checkpoint, faults)) {
    found.commandStates += 1;
    if ('hash' in state) {
      found.withheldCommandStates += 1;
      last.addWithheld();
      continue;
    }
    try {
      const { text, redacted } = openEntry(state.entry, state.openings);
      found.redacted += redacted;
      const command = commandOfEntry(text);
      if (command) last.add(keyOf(command.row), digestOf({ ...command.row }));
      else addFault(faults, `${name}: its entry is not a state of a command`, state.leaf);
    } catch (error) {
      addFault(faults, `${name}: ${error instanceof Error ? error.message : String(error)}`, state.leaf);
    }
  }
}

/** Returns the keys of the commands that have a row. */
async function checkRows(
  file: ZippedFile,
  { last, found }: { last: LastStates; found: Found },
  faults: Fault[],
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const line of linesOf(file.stream())) {
    found.commands += 1;
    const name = `line ${found.commands} of ${file.name}`;
    const row = Row.safeParse(parsed(line)).data;
    if (!row) {
      addFault(faults, `${name} is not a command`);
      continue;
    }
    const key = keyOf(row);
    const fault = last.take(key, () => digestOf(row), 'command');
    // A second row of a command cannot be that of a withheld state.
    const mayBeWithheld =
      fault?.mayBeWithheld && !keys.has(key) && found.unprovenCommands < found.withheldCommandStates;
    if (mayBeWithheld) found.unprovenCommands += 1;
    else if (fault) addFault(faults, `${name} ${fault.what}`);
    keys.add(key);
  }
  for (const key of last.left()) addFault(faults, `${file.name} has no ${key}, although it has states`);
  return keys;
}

const Sender = z.object({
  kind: z.literal('row'),
  table: z.literal('command_senders'),
  row: z.looseObject({ account_id: z.string(), region: z.string(), command_id: z.string() }),
});

async function checkSenders(
  file: ZippedFile,
  { checkpoint, keys, found }: { checkpoint: Head; keys: ReadonlySet<string>; found: Found },
  faults: Fault[],
): Promise<void> {
  for await (const { state, name } of readStateLines(file, checkpoint, faults)) {
    found.senders += 1;
    if ('hash' in state) {
      found.withheldSenders += 1;
      continue;
    }
    const sender = Sender.safeParse(parsed(state.entry)).data?.row;
    if (!sender) addFault(faults, `${name}: its entry does not say who sent a command`, state.leaf);
    else if (!keys.has(canonicalJson([sender.account_id, sender.region, sender.command_id])))
      addFault(faults, `${name}: ${FILES.commandRows} does not have its command`, state.leaf);
  }
}

function keyOf({ accountId, region, commandId }: { accountId: string; region: string; commandId: string }): string {
  return canonicalJson([accountId, region, commandId]);
}

/** A row that an older version wrote may lack some members. */
function digestOf(row: Readonly<Record<string, unknown>>): Buffer {
  return sha256(canonicalJson(NAMES.map((name) => row[name] ?? null)));
}
