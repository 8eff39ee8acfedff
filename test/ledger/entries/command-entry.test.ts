import { expect, it } from 'vitest';
import { commandEntry } from '../../../src/ledger/entries/command-entry.ts';
import { commitmentOf, type Opening } from '../../../src/ledger/entries/commitments.ts';
import { canonicalJson } from '../../../src/lib/json/canonical-json.ts';
import { partsOfName } from '../../../src/model/member-row.ts';
import { COMMAND_MEMBERS, membersOf } from '../../../src/model/members.ts';
import { asMembers } from '../../../src/model/read-member.ts';

const FACTS = {
  ...{ accountId: '012345678901', region: 'eu-west-1', commandId: 'c', observedAt: '2026-03-01T10:00:00.000Z' },
  ...{ seenIn: 'ListCommands' as const, salt: Buffer.alloc(32, 7), fingerprint: Buffer.from('print') },
};
const STATE = {
  CommandId: 'c',
  DocumentName: 'AWS-RunShellScript',
  Parameters: { commands: ['echo the secret'] },
  Targets: [{ Key: 'tag:Secret', Values: ['hidden'] }],
  Comment: 'a secret comment',
  NotificationConfig: { NotificationArn: 'arn:secret', NotificationEvents: ['All'], Unknown: 'secret too' },
  Status: 'Success',
  TargetCount: 1,
  ServiceRole: '',
  AlarmConfiguration: { Alarms: [{ Name: 'a secret alarm' }] },
  InstanceIds: [],
};

it('an entry of a command has commitments instead of what may be secret, and everything else in the clear', () => {
  const entry = commandEntry(FACTS, canonicalJson(STATE));
  expect(entry).toBe(canonicalJson(JSON.parse(entry)));
  expect(entry).not.toMatch(/secret|hidden|7072696e74/);
  const commitment = { commitment: expect.stringMatching(/^[0-9a-f]{64}$/) };
  const { salt: _, ...facts } = FACTS;
  expect(JSON.parse(entry)).toEqual({
    ...{ ...facts, kind: 'command', fingerprint: commitment },
    state: {
      ...{ ...STATE, Parameters: commitment, Targets: commitment, Comment: commitment, AlarmConfiguration: commitment },
      NotificationConfig: { NotificationArn: commitment, NotificationEvents: ['All'], Unknown: commitment },
    },
  });
});

it('each commitment of an entry of a command has a salt of its own, and its opening is the value', () => {
  const openings: (Opening & { member: string | undefined })[] = [];
  const entry = commandEntry(FACTS, canonicalJson(STATE), (opening, member) => openings.push({ ...opening, member }));
  expect(openings.map(({ member }) => member)).toEqual([
    'OtherMembers',
    'Comment',
    'NotificationArn',
    'OtherMembers',
    'Parameters',
    'Targets',
    undefined,
  ]);
  expect(new Set(openings.map(({ salt }) => salt.toString('hex'))).size).toBe(openings.length);
  const opened = openings.reduce(
    (text, opening) => text.replace(`{"commitment":"${commitmentOf(opening)}"}`, opening.value),
    entry,
  );
  expect(JSON.parse(opened)).toMatchObject({ state: STATE, fingerprint: FACTS.fingerprint.toString('hex') });
});

it('one changed letter of a script makes another entry', () => {
  const other = { ...STATE, Parameters: { commands: ['echo the Secret'] } };
  expect(commandEntry(FACTS, canonicalJson(other))).not.toBe(commandEntry(FACTS, canonicalJson(STATE)));
});

it('an entry of a command has the same members in the clear for ever, and none of them may be secret', () => {
  const members = membersOf(COMMAND_MEMBERS);
  const state: Record<string, unknown> = {};
  for (const { aws } of members) {
    const { within, own } = partsOfName(aws);
    const value = `value of ${aws}`;
    state[within ?? own] = within === undefined ? value : { ...asMembers(state[within]), [own]: value };
  }
  const entry = commandEntry(FACTS, canonicalJson(state));
  const clear = members.filter(({ aws }) => entry.includes(`"value of ${aws}"`)).map(({ aws }) => aws);
  // A member that gets a column later keeps its commitment, or entries from before would no longer verify.
  expect(clear).toHaveLength(18);
  expect(members.filter((member) => 'isSecret' in member && clear.includes(member.aws))).toEqual([]);
});
