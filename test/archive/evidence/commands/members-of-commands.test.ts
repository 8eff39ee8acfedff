import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCommands } from '../../../../src/archive/evidence/check/check-commands-of-pack.ts';
import { verifyEvidence } from '../../../../src/archive/evidence/check/verify-evidence.ts';
import type { Fault } from '../../../../src/archive/verify/fault.ts';
import { OTHER_MEMBERS } from '../../../../src/ledger/entries/command-entry.ts';
import type { RedactableMember } from '../../../../src/ledger/entries/redactable-members.ts';
import { partsOfName } from '../../../../src/model/member-row.ts';
import { COMMAND_MEMBERS, membersOf } from '../../../../src/model/members.ts';
import { SECRET_COMMAND_MEMBERS } from '../../../../src/model/secret-members.ts';
import { markedCommand } from '../../../model/marked.ts';
import { packed, unpacked } from '../pack-trial.ts';
import { COMMAND_ID, everythingIn, listing, rowsOf } from './command-trial.ts';

const UNKNOWN = 'mark of an unknown member';
const marked = listing({ ...markedCommand(), CommandId: COMMAND_ID, AlarmConfiguration: { [UNKNOWN]: true } });

/** What the check of a pack's commands finds if the pack has this one row. */
async function faultsOfRow(folder: string, row: object): Promise<Fault[]> {
  const faults: Fault[] = [];
  const texts = {
    'command-states.ndjson': readFileSync(join(folder, 'command-states.ndjson'), 'utf8'),
    'commands.ndjson': `${JSON.stringify(row)}\n`,
  };
  const files = Object.entries(texts).map(([name, text]) => {
    const stream = async function* () {
      yield Buffer.from(text);
    };
    return [name, { name, bytes: text.length, stream }] as const;
  });
  await checkCommands(new Map(files), undefined, faults);
  return faults;
}

describe('a row of a command', () => {
  it('is at fault if any of its members is another than in its last state, or is missing', async () => {
    const folder = await unpacked((await packed({}, marked)).pack);
    const [row = {}] = rowsOf(folder, 'commands.ndjson');
    expect(await faultsOfRow(folder, row)).toEqual([]);
    const names = [...Object.keys(COMMAND_MEMBERS), 'otherMembers', 'seenIn', 'observedAt'];
    expect(Object.keys(row)).toEqual(expect.arrayContaining(names));
    const unseen: string[] = [];
    for (const name of names)
      for (const value of ['another', null, undefined])
        if ((await faultsOfRow(folder, { ...row, [name]: value })).length === 0) unseen.push(name);
    expect(unseen).toEqual([]);
  });
});

describe('a pack', () => {
  it.each<RedactableMember>([...SECRET_COMMAND_MEMBERS, OTHER_MEMBERS])(
    'has no %s of a command if that is redacted',
    async (secret) => {
      const { pack } = await packed({ redacted: [secret] }, marked);
      expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [], unprovenCommands: 0 });
      const text = everythingIn(await unpacked(pack));
      const marks = membersOf(COMMAND_MEMBERS)
        .filter(({ kind }) => kind === 'text' || kind === 'list' || kind === 'object')
        .map(({ aws }) => ({ own: partsOfName(aws).own, mark: `mark ${aws} of a command` }));
      for (const { own, mark } of [...marks, { own: OTHER_MEMBERS, mark: UNKNOWN }])
        expect([own, text.includes(mark)]).toEqual([own, own !== secret]);
    },
  );
});
