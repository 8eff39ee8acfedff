import { sha256 } from '../../lib/sha256.ts';
import { partsOfName } from '../../model/member-row.ts';
import { INVOCATION_MEMBERS, type Kind, type MemberList, membersOf, STEP_MEMBERS } from '../../model/members.ts';
import type { NormalizedInvocation, NormalizedOutput } from '../../model/observed-invocation.ts';
import { asMembers, asTime, type Members } from '../../model/read-member.ts';
import { SECRET_MEMBERS } from '../../model/secret-members.ts';

type Row = Record<string, unknown>;

/** A place for a member in the canonical JSON of a state. */
interface Slot {
  /** AWS's own name. */
  own: string;
  /** The name in the row; undefined if the member has no column. */
  name: string | undefined;
  kind: Kind | 'steps' | 'container';
  isSecret: boolean;
  /** The members of a container, in canonical order. */
  inner: readonly Slot[];
  /** The name as JSON, at the start of an object and after another member. */
  first: string;
  next: string;
}

/** What was written so far. */
interface Draft {
  /** The finished parts of the state, by turns clear and secret. */
  parts: string[];
  /** The clear part that is being written. */
  clear: string;
  /** All texts in the state without what is between them, so that one search finds a character that JSON escapes. */
  texts: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON escapes
const ESCAPED = /["\\\u0000-\u001f]/;
const STEPS = 'CommandPlugins';
const STEP_SLOTS = slotsOf(STEP_MEMBERS, []);
const SLOTS = slotsOf(INVOCATION_MEMBERS, [
  slot('CommandId', 'text'),
  slot('InstanceId', 'text'),
  slot(STEPS, 'steps', { name: 'plugins' }),
]);
const EMPTY: Readonly<Row> = emptyRow(INVOCATION_MEMBERS);
const EMPTY_STEP: Readonly<Row> = emptyRow(STEP_MEMBERS);

/**
 * Returns what `prepareAny` returns, in less time, for an element of the usual form: its members are those of
 * `members.ts`, with values of the expected types, and its texts need no escapes in JSON. Returns undefined for any
 * other element. It writes the columns and the canonical JSON together, and cuts the JSON at the values that may be
 * secret, so that nobody needs to search for them.
 */
export function prepareUsual(members: Members): NormalizedInvocation | undefined;
export function prepareUsual(members: Members): object | undefined {
  const draft: Draft = { parts: [], clear: '', texts: '' };
  const row: Row = { ...EMPTY, plugins: [], stateJson: '', stateParts: undefined };
  if (!writeObject(members, SLOTS, row, draft) || ESCAPED.test(draft.texts)) return undefined;
  draft.parts.push(draft.clear);
  const stateJson = draft.parts.join('');
  // Two texts, one after the other, could make one character of two lone surrogates. In the JSON they have quotes.
  if (!stateJson.isWellFormed()) return undefined;
  row.stateJson = stateJson;
  row.stateParts = draft.parts;
  return row;
}

/** Returns whether the object has the usual form. */
function writeObject(members: Members, slots: readonly Slot[], row: Row, draft: Draft): boolean {
  let known = 0;
  for (const slot of slots) {
    const value = members[slot.own];
    if (value === undefined) continue;
    draft.clear += known === 0 ? slot.first : slot.next;
    known += 1;
    if (!writeValue(value, slot, row, draft)) return false;
  }
  draft.clear += known === 0 ? '{}' : '}';
  // An object with a member that the list does not know has more members than were found.
  return known === Object.keys(members).length;
}

function writeValue(value: unknown, slot: Slot, row: Row, draft: Draft): boolean {
  const { kind, name } = slot;
  if (kind === 'steps') return writeSteps(value, row, draft);
  if (kind === 'container') {
    const inner = asMembers(value);
    return inner !== undefined && writeObject(inner, slot.inner, row, draft);
  }
  if (kind === 'output') return writeOutput(value, slot, row, draft);
  const column = kind === 'text' ? writeText(value, slot, draft) : writePlain(value, kind, draft);
  if (column === undefined) return false;
  if (name !== undefined) row[name] = column;
  return true;
}

/** Returns the column, or undefined if the value does not have the usual form. So do the other functions. */
function writeText(value: unknown, { isSecret }: Slot, draft: Draft): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (value === '') {
    draft.clear += '""';
    return value;
  }
  draft.texts += value;
  if (isSecret) writeSecret(`"${value}"`, draft);
  else draft.clear += `"${value}"`;
  return value;
}

function writeSecret(json: string, draft: Draft): void {
  draft.parts.push(draft.clear, json);
  draft.clear = '';
}

function writePlain(value: unknown, kind: Kind, draft: Draft): string | number | null | undefined {
  switch (kind) {
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined;
      draft.clear += value;
      return value;
    case 'time':
      if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
      draft.clear += value;
      return asTime(value);
    case 'flag':
      if (typeof value !== 'boolean') return undefined;
      draft.clear += value;
      return value ? 1 : 0;
    case 'list':
      return writeList(value, draft);
    default:
      return undefined;
  }
}

function writeList(value: unknown, draft: Draft): string | undefined {
  if (!Array.isArray(value)) return undefined;
  for (const text of value) {
    if (typeof text !== 'string') return undefined;
    draft.texts += text;
  }
  const json = value.length === 0 ? '[]' : `["${value.join('","')}"]`;
  draft.clear += json;
  return json;
}

function writeSteps(value: unknown, row: Row, draft: Draft): boolean {
  if (!Array.isArray(value)) return false;
  const steps: Row[] = [];
  row.plugins = steps;
  draft.clear += '[';
  for (const raw of value) {
    const members = asMembers(raw);
    if (!members) return false;
    if (steps.length > 0) draft.clear += ',';
    const step = { ...EMPTY_STEP };
    steps.push(step);
    if (!writeObject(members, STEP_SLOTS, step, draft)) return false;
  }
  draft.clear += ']';
  return true;
}

function writeOutput(value: unknown, { name, isSecret }: Slot, row: Row, draft: Draft): boolean {
  if (typeof value !== 'string' || name === undefined || !isSecret || !value.isWellFormed()) return false;
  const output: NormalizedOutput = { text: value, sha256: sha256(value) };
  row[name] = output;
  writeSecret(`{"sha256":"${output.sha256.toString('hex')}"}`, draft);
  return true;
}

/** Returns the places of the members of a list, and of `more`, in canonical order. */
function slotsOf(list: MemberList, more: readonly Slot[]): readonly Slot[] {
  const inner = new Map<string, Slot[]>();
  const slots = [...more];
  for (const { name, aws, kind } of membersOf(list)) {
    const { within, own } = partsOfName(aws);
    const one = slot(own, kind, { name });
    if (within === undefined) slots.push(one);
    else inner.set(within, [...(inner.get(within) ?? []), one]);
  }
  for (const [own, members] of inner) slots.push(slot(own, 'container', { inner: sorted(members) }));
  return sorted(slots);
}

function slot(own: string, kind: Slot['kind'], { name, inner = [] }: Partial<Slot> = {}): Slot {
  const isSecret = SECRET_MEMBERS.some((secret) => secret === own);
  return { own, name, kind, isSecret, inner, first: `{"${own}":`, next: `,"${own}":` };
}

function sorted(slots: readonly Slot[]): Slot[] {
  return slots.toSorted((a, b) => (a.own < b.own ? -1 : 1));
}

function emptyRow(list: MemberList): Row {
  return Object.fromEntries(membersOf(list).map(({ name }) => [name, null]));
}
