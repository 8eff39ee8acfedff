import { type MemberList, membersOf } from '../model/members.ts';

/**
 * The columns of a list's members in a SELECT from the table of that name, each by its member's name. `outputSql` is what stands for a
 * step's output in place of its id.
 */
export function selectMembers(list: MemberList, table: string, outputSql?: string): string {
  return membersOf(list)
    .map(({ name, column, kind }) => `${(kind === 'output' && outputSql) || `${table}.${column}`} AS ${name}`)
    .join(', ');
}
