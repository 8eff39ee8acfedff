import { canonicalJson } from '../lib/json/canonical-json.ts';
import { createRemainder } from './create-remainder.ts';
import { createRowReader, partsOfName } from './member-row.ts';
import type { MemberList } from './members.ts';
import { asMembers } from './read-member.ts';

/** What a row of commands has of some members, and what is left of `other_members_json`. */
export interface MovedMembers {
  /** By column. A member of an unexpected type is null, as when it is recorded, and stays with the others. */
  values: Record<string, string | number | null>;
  othersJson: string | null;
}

/**
 * Returns a function that moves these members of a command from `other_members_json`, where they are kept while they
 * have no column, to their columns. Undefined if none of them is there.
 */
export function createMover(list: MemberList): (othersJson: string) => MovedMembers | undefined {
  const members = Object.entries(list);
  const read = createRowReader(list);
  const remainderOf = createRemainder(list);
  const outer = new Set(members.map(([, { aws }]) => partsOfName(aws).within ?? partsOfName(aws).own));
  return (othersJson) => {
    const others = asMembers(JSON.parse(othersJson)) ?? {};
    if (!Object.keys(others).some((name) => outer.has(name))) return undefined;
    const row: Readonly<Record<string, string | number | null>> = read(others);
    const left = remainderOf(others, row);
    return {
      values: Object.fromEntries(members.map(([name, { column }]) => [column, row[name] ?? null])),
      othersJson: Object.keys(left).length > 0 ? canonicalJson(left) : null,
    };
  };
}
