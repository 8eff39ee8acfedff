import type { Member, MemberList } from './members.ts';
import { asFlag, asInteger, asListJson, asMembers, asObjectJson, asText, asTime, type Members } from './read-member.ts';

/**
 * The type of a column's values, by the kind of its member. Times are ISO text, a flag is 0 or 1, lists and objects are
 * canonical JSON.
 */
interface StoredForms {
  text: string;
  integer: number;
  flag: 0 | 1;
  time: string;
  list: string;
  object: string;
}

/** The type that the API shows, by the kind of a member. */
interface ShownForms {
  text: string;
  integer: number;
  flag: boolean;
  time: string;
  list: unknown[];
  object: Record<string, unknown>;
}

type RowIn<Forms, List extends MemberList> = {
  -readonly [Name in keyof List as List[Name]['kind'] extends keyof Forms ? Name : never]:
    | Forms[List[Name]['kind'] & keyof Forms]
    | null;
};

/**
 * The members of a list as their columns hold them, without a step's output. Absent members are null; `""` stays `""`.
 */
export type StoredRow<List extends MemberList> = RowIn<StoredForms, List>;

/** The members of a list as the API shows them, without a step's output. */
export type ShownRow<List extends MemberList> = RowIn<ShownForms, List>;

type Read = (value: unknown) => string | number | null;

const READ: Readonly<Record<keyof StoredForms, Read>> = {
  text: asText,
  integer: asInteger,
  flag: asFlag,
  time: asTime,
  list: asListJson,
  object: asObjectJson,
};

/**
 * Returns the function that reads the members of a list from an element of a reply. A member of an unexpected type
 * becomes null. A step's output is not read here.
 */
export function createRowReader<List extends MemberList>(list: List): (members: Members) => StoredRow<List>;
export function createRowReader(list: MemberList): (members: Members) => Record<string, string | number | null> {
  const steps = Object.entries(list).flatMap(([name, { aws, kind }]) =>
    kind === 'output' ? [] : [{ name, ...partsOfName(aws), read: READ[kind] }],
  );
  return (members) => {
    const row: Record<string, string | number | null> = {};
    for (const { name, within, own, read } of steps)
      row[name] = read(within === undefined ? members[own] : asMembers(members[within])?.[own]);
    return row;
  };
}

type ConvertedKind = 'flag' | 'list' | 'object';

/** The members that have another form in the API than in their column. */
export type ConvertedRow<List extends MemberList> = {
  [Name in keyof ShownRow<List> as List[Name]['kind'] extends ConvertedKind ? Name : never]: ShownRow<List>[Name];
};

/**
 * Returns a function that converts these members of a row to the form that the API shows: 1 becomes true, and JSON
 * becomes its value.
 */
export function createRowConverter<List extends MemberList>(list: List): (row: StoredRow<List>) => ConvertedRow<List>;
export function createRowConverter(
  list: MemberList,
): (row: Readonly<Record<string, unknown>>) => Record<string, unknown> {
  const steps = Object.entries(list).flatMap(([name, { kind }]) => {
    if (kind === 'flag') return [{ name, convert: (value: unknown): unknown => value === 1 }];
    if (kind !== 'list' && kind !== 'object') return [];
    return [{ name, convert: (value: unknown): unknown => JSON.parse(String(value)) }];
  });
  return (row) => {
    const converted: Record<string, unknown> = {};
    for (const { name, convert } of steps) converted[name] = row[name] === null ? null : convert(row[name]);
    return converted;
  };
}

/**
 * Returns the two parts of AWS's name of a member: the name of the member that contains it, if there is one, and its
 * own name.
 */
export function partsOfName(aws: Member['aws']): { within: string | undefined; own: string } {
  const [first = aws, second] = aws.split('.');
  return second === undefined ? { within: undefined, own: first } : { within: first, own: second };
}
