import type { SeenIn } from '../../../ledger/entries/command-entry.ts';
import { OTHER_MEMBERS } from '../../../ledger/entries/command-entry.ts';
import type { RedactableMember } from '../../../ledger/entries/redactable-members.ts';
import { partsOfName } from '../../../model/member-row.ts';
import { COMMAND_MEMBERS, membersOf } from '../../../model/members.ts';
import { normalizeCommand } from '../../../model/normalize-command.ts';
import { asMembers, asText, type Members } from '../../../model/read-member.ts';
import { columnsOfRowEntry } from '../../commands/columns-of-row-entry.ts';
import { type CommandKey, type ShownCommand, shownCommand } from '../../commands/shown-command.ts';
import { REDACTED } from '../evidence.ts';

/** A row of commands.ndjson: a command as its last state shows it. */
export interface PackedCommand extends CommandKey, ShownCommand {
  seenIn: SeenIn;
  /** Null if the entry of the state is from before states had a JSON of their own, and has no time. */
  observedAt: string | null;
}

/** A command as an entry shows it. */
export interface CommandOfEntry {
  row: PackedCommand;
  /** The members that were redacted. The row has null for those of them that are no texts. */
  hidden: ReadonlySet<string>;
}

const MEMBERS = membersOf(COMMAND_MEMBERS);

/**
 * Returns the command that an opened entry shows. The writer of a pack and its verifier both use this, so that a row is
 * exactly what its state says. Undefined if the entry is not a state of a command. Throws for text that is not JSON.
 */
export function commandOfEntry(text: string): CommandOfEntry | undefined {
  const entry = asMembers(JSON.parse(text));
  if (entry?.kind === 'row' && entry.table === 'commands') return commandOfRow(asMembers(entry.row) ?? {});
  if (entry?.kind !== 'command') return undefined;
  const state = asMembers(entry.state);
  const key = keyOf(entry.accountId, entry.region, entry.commandId);
  const { seenIn, observedAt } = entry;
  if (!state || !key || asText(state.CommandId) !== key.commandId) return undefined;
  if ((seenIn !== 'ListCommands' && seenIn !== 'ListCommandInvocations') || typeof observedAt !== 'string')
    return undefined;
  const hidden = MEMBERS.filter(({ aws }) => valueIn(state, aws) === REDACTED);
  // Where a list or an object was, REDACTED is no value of another type: nothing of it is known.
  const noTexts = new Set<string>(hidden.flatMap(({ aws, kind }) => (kind === 'text' ? [] : [aws])));
  const members = Object.fromEntries(Object.entries(state).filter(([name]) => !noTexts.has(name)));
  return {
    row: { ...key, ...shownCommand(normalizeCommand(members)), seenIn, observedAt },
    hidden: new Set<string>(hidden.map(({ name }) => name)),
  };
}

/** Returns the command without the values of these members, as if its entry had commitments to them. */
export function redactCommand({ row, hidden }: CommandOfEntry, redacted: readonly RedactableMember[]): CommandOfEntry {
  const names = membersShown(row, redacted);
  const left = Object.fromEntries(names.map((name) => [name, typeof row[name] === 'string' ? REDACTED : null]));
  const otherMembers =
    row.otherMembers !== null && redacted.includes(OTHER_MEMBERS)
      ? Object.fromEntries(Object.keys(row.otherMembers).map((name) => [name, REDACTED]))
      : row.otherMembers;
  return { row: { ...row, ...left, otherMembers }, hidden: new Set<string>([...hidden, ...names]) };
}

/** Whether a command has the value of one of these members. */
export function showsMember({ row }: CommandOfEntry, redacted: readonly RedactableMember[]): boolean {
  return membersShown(row, redacted).length > 0 || (redacted.includes(OTHER_MEMBERS) && !isEmpty(row.otherMembers));
}

function membersShown(row: PackedCommand, redacted: readonly RedactableMember[]) {
  return MEMBERS.filter((member) => {
    if (!('isSecret' in member) || isEmpty(row[member.name])) return false;
    return redacted.some((name) => name === partsOfName(member.aws).own);
  }).map(({ name }) => name);
}

function commandOfRow(row: Members): CommandOfEntry | undefined {
  const key = keyOf(row.account_id, row.region, row.command_id);
  if (!key) return undefined;
  const seenIn = row.fingerprint == null ? 'ListCommandInvocations' : 'ListCommands';
  const shown = shownCommand(columnsOfRowEntry(row));
  return { row: { ...key, ...shown, seenIn, observedAt: asText(row.changed_at) }, hidden: new Set() };
}

function keyOf(accountId: unknown, region: unknown, commandId: unknown): CommandKey | undefined {
  if (typeof accountId !== 'string' || typeof region !== 'string' || typeof commandId !== 'string') return undefined;
  return { accountId, region, commandId };
}

function valueIn(state: Members, aws: string): unknown {
  const { within, own } = partsOfName(aws);
  return within === undefined ? state[own] : asMembers(state[within])?.[own];
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}
