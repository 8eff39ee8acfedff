import { type MemberList, membersOf } from '../model/members.ts';

/**
 * Returns the columns of a list's members for a SELECT from that table, each under its member's name. `outputSql`
 * replaces the id of a step's output.
 */
export function selectMembers(list: MemberList, table: string, outputSql?: string): string {
  return membersOf(list)
    .map(({ name, column, kind }) => `${(kind === 'output' && outputSql) || `${table}.${column}`} AS ${name}`)
    .join(', ');
}
