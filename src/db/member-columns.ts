import type { MemberList } from '../model/members.ts';

/** The type of a column, by the kind of its member. */
interface ColumnForms {
  text: string;
  integer: number;
  flag: number;
  time: string;
  list: string;
  object: string;
  output: number;
}

/**
 * A table with a column for each member of a list, under the member's name; an output's id is under `outputId`. A table
 * that `satisfies` this type no longer compiles once a member is added to the list and not to the table.
 */
export type WithColumnsOf<List extends MemberList> = {
  readonly [Name in keyof List as List[Name]['kind'] extends 'output' ? `${Name & string}Id` : Name]: {
    readonly _: { readonly name: List[Name]['column']; readonly data: ColumnForms[List[Name]['kind']] };
  };
};
