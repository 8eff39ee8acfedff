import { expect, it } from 'vitest';
import { columnsOfRowEntry } from '../../../src/archive/commands/columns-of-row-entry.ts';

it('a member that got its column after an entry was written is read from the other members of the entry', () => {
  // An entry of a version that had no column for TimeoutSeconds yet.
  const row = {
    document_name: 'AWS-RunShellScript',
    other_members_json: '{"Alarm":{"Name":"disk"},"TimeoutSeconds":60}',
  };
  expect(columnsOfRowEntry(row)).toMatchObject({
    documentName: 'AWS-RunShellScript',
    timeoutSeconds: 60,
    otherMembersJson: '{"Alarm":{"Name":"disk"}}',
  });
});

it('an entry without other members has only the columns of its row', () => {
  expect(columnsOfRowEntry({ status: 'Success', other_members_json: null })).toMatchObject({
    status: 'Success',
    comment: null,
    otherMembersJson: null,
  });
});
