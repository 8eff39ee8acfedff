import { partsOfName, type StoredRow } from '../../model/member-row.ts';
import { type Kind, type MemberList, membersOf } from '../../model/members.ts';
import type { MemberRecord } from '../aws/member-record.ts';
import { seconds } from './member.ts';

/** A row with the members of a list, and with the text of its output if the list has an output. */
type RowWithOutput<List extends MemberList> = StoredRow<List> &
  (List extends { output: object } ? { output: string | null } : unknown);

type Row = Readonly<Record<string, string | number | null>>;
type Members = Record<string, unknown>;

/**
 * Returns a function that turns a row into the record that AWS wrote: members that AWS left out are absent, members
 * that AWS left empty are empty. Members are in the list's order, as in AWS's own replies. The members `others` come
 * before the member to which AWS gives the name `before`.
 */
export function createRecordMaker<List extends MemberList>(
  list: List,
): (row: RowWithOutput<List>, others?: { before: string; members: object }) => MemberRecord<List>;
export function createRecordMaker(
  list: MemberList,
): (row: Row, others?: { before: string; members: object }) => Members {
  const steps = membersOf(list).map(({ name, aws, kind }) => ({ name, ...partsOfName(aws), kind }));
  return (row, others) => {
    const record: Members = {};
    const inner: Record<string, Members> = {};
    for (const { name, within, own, kind } of steps) {
      if (own === others?.before) Object.assign(record, others.members);
      const value = row[name];
      if (value === null || value === undefined) continue;
      if (within === undefined) record[own] = wireForm(kind, value);
      else {
        const members = inner[within] ?? {};
        inner[within] = members;
        members[own] = wireForm(kind, value);
        record[within] = members;
      }
    }
    return record;
  };
}

function wireForm(kind: Kind, value: string | number): unknown {
  if (kind === 'flag') return value === 1;
  if (kind === 'time') return seconds(String(value));
  return kind === 'list' || kind === 'object' ? JSON.parse(String(value)) : value;
}
