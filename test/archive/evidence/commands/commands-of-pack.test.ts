import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../../src/archive/evidence/check/verify-evidence.ts';
import { EvidenceEmpty } from '../../../../src/archive/evidence/evidence-empty.ts';
import type { InvocationFilter } from '../../../../src/questions/filters.ts';
import { SOURCE } from '../../raw-invocation.ts';
import { packed, repacked, resealed, unpacked } from '../pack-trial.ts';
import {
  COMMAND_ID,
  EMPTY_ID,
  edit,
  faultsOfResealed,
  listing,
  rawCommand,
  rowsOf,
  SCRIPT,
  SENT_BY,
  sentCommand,
  twoCommands,
} from './command-trial.ts';

const CHANGED = ['rm -r /srv/cache', 'rm -r /srv/cachs'] as const;

describe('a pack of a command', () => {
  it('has what was run and all that it printed, and every state of the command with its proof', async () => {
    const { pack, summary } = await packed({}, sentCommand);
    expect(summary).toMatchObject({ commands: 1, commandStates: 3, withheldCommandStates: 0, senders: 1 });
    expect(await verifyEvidence(pack, [])).toMatchObject({
      ...{ verdict: 'consistent', faults: [], commands: 1, commandStates: 3, senders: 1 },
      ...{ withheldCommandStates: 0, unprovenCommands: 0, withheldSenders: 0 },
    });
    const folder = await unpacked(pack);
    expect(rowsOf(folder, 'commands.ndjson')).toMatchObject([
      {
        ...SOURCE,
        ...{ commandId: COMMAND_ID, status: 'Success', targetCount: 7, seenIn: 'ListCommands' },
        ...{ observedAt: '2026-03-01T10:11:00.000Z', parameters: { commands: SCRIPT, workingDirectory: [''] } },
        targets: [{ Key: 'tag:Name', Values: ['web', 'db'] }],
        otherMembers: { AlarmConfiguration: { Alarms: [{ Name: 'too-many-errors' }] }, TriggeredAlarms: [] },
      },
    ]);
    expect(readFileSync(join(folder, 'commands.csv'), 'utf8')).toContain('rm -r /srv/cache');
    const outputs = readdirSync(join(folder, 'outputs')).map((name) =>
      readFileSync(join(folder, 'outputs', name), 'utf8'),
    );
    expect(outputs).toContain('done\n');
    expect(rowsOf(folder, 'senders.ndjson').map(({ entry }) => JSON.parse(String(entry)).row.principal_arn)).toEqual([
      SENT_BY,
    ]);
  });

  it('never shows the fingerprint of a command, from which the whole reply could be guessed', async () => {
    const folder = await unpacked((await packed({}, sentCommand)).pack);
    const [, first] = rowsOf(folder, 'command-states.ndjson');
    expect(first?.entry).toMatch(/"fingerprint":\{"commitment":/);
    expect(JSON.stringify(first?.openings)).not.toMatch(/"[0-9a-f]{32}\\"/);
  });

  it('is made for a command that found no node, and says what such a pack does not prove', async () => {
    const filter = { commandId: EMPTY_ID, requestedAfter: '2026-03-01T00:00:00.000Z' };
    const { pack, summary } = await packed({ filter }, twoCommands);
    expect(summary).toMatchObject({ invocations: 0, commands: 1, commandStates: 1, senders: 0 });
    expect(await verifyEvidence(pack, [])).toMatchObject({
      ...{ verdict: 'consistent', isEmpty: false, commands: 1, rows: 0 },
      absence: expect.stringMatching(/^It holds a command and no invocation, .*only where coverage is complete\.$/),
    });
    const folder = await unpacked(pack);
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain('Success: NoInstancesInTag');
    expect(readdirSync(folder)).not.toContain('senders.ndjson');
  });

  it('has all commands that were requested in its span, also those that reached no node', async () => {
    const span = { requestedAfter: '2026-03-01T00:00:00.000Z', requestedBefore: '2026-03-02T00:00:00.000Z' };
    const sets = [span, { ...span, documentName: 'AWS-RunShellScript' }, { ...span, instanceId: 'i-1' }];
    const idsOf = async (filter: InvocationFilter) =>
      rowsOf(await unpacked((await packed({ filter }, twoCommands)).pack), 'commands.ndjson').map(
        (row) => row.commandId,
      );
    expect(await Promise.all(sets.map(idsOf))).toEqual([[COMMAND_ID, EMPTY_ID], [COMMAND_ID, EMPTY_ID], [COMMAND_ID]]);
    const ofSender = await idsOf({ ...span, sender: SENT_BY });
    expect(ofSender).toEqual([COMMAND_ID]);
  });

  it.each([
    ['a node that it did not reach', { commandId: EMPTY_ID, instanceId: 'i-1' }],
    ['another document', { commandId: EMPTY_ID, documentName: 'AWS-RunPatchBaseline' }],
    ['a later span', { commandId: EMPTY_ID, requestedAfter: '2026-03-02T00:00:00.000Z' }],
  ])('is refused as empty if the question is about %s', async (_, filter) => {
    await expect(packed({ filter, allowUnseen: true }, twoCommands)).rejects.toThrow(EvidenceEmpty);
  });
});

describe('one changed letter of a script is found', () => {
  it.each(['commands.ndjson', 'command-states.ndjson', 'commands.csv', 'index.html'])(
    'in %s by the sums',
    async (name) => {
      const folder = await unpacked((await packed({}, sentCommand)).pack);
      edit(join(folder, name), (text) => text.replace(...CHANGED));
      const { verdict, faults } = await verifyEvidence(await repacked(folder), []);
      expect(verdict).toBe('not-genuine');
      expect(faults.map(({ what }) => what).join('\n')).toContain(`${name} is not as it was packed`);
    },
  );

  it.each([
    ['a row', 'commands.ndjson', ...CHANGED, /line 1 of commands\.ndjson is not the last state of the command \[/],
    ['an opening', 'command-states.ndjson', ...CHANGED, /does not match any commitment of its entry/],
    ['an entry', 'command-states.ndjson', '\\"MaxErrors\\":\\"10%', '\\"MaxErrors\\":\\"90%', /is not in the ledger/],
    ['a sender', 'senders.ndjson', 'user/alice', 'user/alicf', /line 1 of senders\.ndjson is not in the ledger/],
  ])('in %s, even if it is sealed again with the key', async (_, name, from, to, what) => {
    const { pack, keyPath } = await packed({}, sentCommand);
    const folder = await unpacked(pack);
    edit(join(folder, name), (text) => text.replace(from, to));
    expect(await faultsOfResealed(folder, keyPath)).toMatch(what);
  });
});

describe('a pack that is sealed again with the key is not genuine', () => {
  it('if a command, a state of it or a sender is missing', async () => {
    const { pack, keyPath } = await packed({}, sentCommand);
    const without = async (change: (folder: string) => void) => {
      const folder = await unpacked(pack);
      change(folder);
      return faultsOfResealed(folder, keyPath);
    };
    const lastLine = (name: string) => (folder: string) =>
      edit(join(folder, name), (text) =>
        text
          .split('\n')
          .slice(0, -2)
          .map((line) => `${line}\n`)
          .join(''),
      );
    expect(await without(lastLine('commands.ndjson'))).toMatch(
      /commands\.ndjson has no \[.*\], although it has states/,
    );
    expect(await without(lastLine('command-states.ndjson'))).toMatch(/is not the last state of the command/);
    expect(await without(lastLine('senders.ndjson'))).toMatch(/counts 1 senders, but the pack has 0/);
    expect(await without((folder) => rmSync(join(folder, 'senders.ndjson')))).toMatch(/counts 1 senders, but/);
  });

  it('if it has states of something else as states of commands or as senders', async () => {
    const { pack, keyPath } = await packed({}, sentCommand);
    const folder = await unpacked(pack);
    const [line = ''] = readFileSync(join(folder, 'states.ndjson'), 'utf8').split('\n');
    for (const name of ['command-states.ndjson', 'senders.ndjson'])
      edit(join(folder, name), (text) => `${line}\n${text}`);
    const faults = await faultsOfResealed(folder, keyPath);
    expect(faults).toMatch(/line 1 of command-states\.ndjson: its entry is not a state of a command/);
    expect(faults).toMatch(/line 1 of senders\.ndjson: its entry does not say who sent a command/);
  });

  it('if it has a command twice', async () => {
    const { pack, keyPath } = await packed({}, sentCommand);
    const folder = await unpacked(pack);
    edit(join(folder, 'commands.ndjson'), (text) => text + text);
    expect(await faultsOfResealed(folder, keyPath)).toMatch(
      /line 2 of commands\.ndjson is the command .*, which has no state, or/,
    );
  });
});

it('a pack from before packs had commands can still be verified', async () => {
  const { pack, keyPath } = await packed({}, listing(rawCommand()));
  const folder = await unpacked(pack);
  for (const name of ['command-states.ndjson', 'commands.ndjson', 'commands.csv']) rmSync(join(folder, name));
  edit(join(folder, 'manifest.json'), (text) => {
    const { commands: _, commandStates: __, withheldCommandStates: ___, senders: ____, ...older } = JSON.parse(text);
    return JSON.stringify(older);
  });
  const older = await resealed(folder, keyPath);
  expect(await verifyEvidence(older, [])).toMatchObject({ verdict: 'consistent', faults: [], rows: 7, commands: 0 });
});

it('a pack with only a part of the files of commands is refused', async () => {
  const { pack, keyPath } = await packed({}, listing(rawCommand()));
  const folder = await unpacked(pack);
  rmSync(join(folder, 'command-states.ndjson'));
  await expect(resealed(folder, keyPath).then((path) => verifyEvidence(path, []))).rejects.toThrow(
    'it has no command-states.ndjson',
  );
});
