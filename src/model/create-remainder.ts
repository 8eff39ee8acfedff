import { partsOfName } from './member-row.ts';
import type { MemberList } from './members.ts';
import { asMembers, type Members } from './read-member.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Returns a function that takes members as AWS sent them, and the row that was read from them, and returns what no
 * column has: members that the list does not know, also those within a member that it knows, and values of an
 * unexpected type. A null in place of a known member is left out, since it says nothing.
 */
export function createRemainder(list: MemberList): (members: Members, row: Row) => Members {
  /** The names in the row by AWS's own names, for the members of each container; '' is the element itself. */
  const known = new Map<string, Map<string, string>>([['', new Map()]]);
  for (const [name, { aws }] of Object.entries(list)) {
    const { within = '', own } = partsOfName(aws);
    known.set(within, (known.get(within) ?? new Map<string, string>()).set(own, name));
  }
  const leftIn = (members: Members, row: Row, within: string): [string, unknown][] =>
    Object.entries(members).flatMap(([own, value]): [string, unknown][] => {
      const isContainer = within === '' && own !== '' && known.has(own);
      const inner = isContainer ? asMembers(value) : undefined;
      if (inner) {
        const left = leftIn(inner, row, own);
        return left.length > 0 ? [[own, Object.fromEntries(left)]] : [];
      }
      const name = known.get(within)?.get(own);
      if (name === undefined && !isContainer) return [[own, value]];
      const hasColumn = name !== undefined && (row[name] ?? null) !== null;
      return hasColumn || value === null ? [] : [[own, value]];
    });
  return (members, row) => Object.fromEntries(leftIn(members, row, ''));
}
