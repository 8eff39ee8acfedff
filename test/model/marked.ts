import { partsOfName } from '../../src/model/member-row.ts';
import {
  COMMAND_MEMBERS,
  INVOCATION_MEMBERS,
  type Kind,
  type MemberList,
  membersOf,
  STEP_MEMBERS,
} from '../../src/model/members.ts';

type Members = Record<string, unknown>;

/**
 * A value that no other member has, in three forms: as AWS sends it, as its column stores it, and as it is shown in
 * lists.
 */
interface Mark {
  wire: unknown;
  stored: unknown;
  shown: unknown;
}

/** All members of a list, each with its own mark. */
export interface Marked {
  wire: Members;
  stored: Members;
  shown: Members;
}

const START_S = 1_772_357_400;

function markOf(kind: Kind, text: string, n: number): Mark {
  switch (kind) {
    case 'text':
    case 'output':
      return { wire: text, stored: text, shown: text };
    case 'integer':
      return { wire: 7000 + n, stored: 7000 + n, shown: 7000 + n };
    case 'flag':
      return { wire: true, stored: 1, shown: true };
    case 'time': {
      const iso = new Date((START_S + n) * 1000).toISOString();
      return { wire: START_S + n, stored: iso, shown: iso };
    }
    case 'list':
      return { wire: [text], stored: JSON.stringify([text]), shown: [text] };
    case 'object':
      return { wire: { [text]: [text] }, stored: JSON.stringify({ [text]: [text] }), shown: { [text]: [text] } };
  }
}

/** Returns the members of a list with marks. `of` is part of each text, so that the marks of two lists differ. */
export function markedOf(list: MemberList, of: string): Marked {
  const marked: Marked = { wire: {}, stored: {}, shown: {} };
  for (const [n, { name, aws, kind }] of membersOf(list).entries()) {
    const mark = markOf(kind, `mark ${aws} of ${of}`, n);
    const { within, own } = partsOfName(aws);
    const inner = within === undefined ? marked.wire : (marked.wire[within] ?? {});
    if (within !== undefined) marked.wire[within] = inner;
    Object.assign(inner, { [own]: mark.wire });
    marked.stored[name] = mark.stored;
    marked.shown[name] = mark.shown;
  }
  return marked;
}

export const INVOCATION = markedOf(INVOCATION_MEMBERS, 'an invocation');
export const STEP = markedOf(STEP_MEMBERS, 'a step');
export const COMMAND = markedOf(COMMAND_MEMBERS, 'a command');

export const KEY = { CommandId: 'marked-command', InstanceId: 'i-0123456789abcdef0' };

/** Returns an invocation as the service sends it, with a mark in each member of it and of its step. */
export function markedInvocation(): Members {
  return { ...KEY, ...INVOCATION.wire, CommandPlugins: [STEP.wire] };
}

/** Returns a command as the service sends it, with a mark in each member. */
export function markedCommand(): Members {
  return { CommandId: KEY.CommandId, ...COMMAND.wire };
}
