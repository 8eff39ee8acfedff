import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../../src/archive/evidence/check/verify-evidence.ts';
import { createLedger } from '../../../../src/ledger/create-ledger.ts';
import { rowEntry } from '../../../../src/ledger/entries/entries.ts';
import { readRow } from '../../../../src/ledger/entries/read-row.ts';
import { REDACTABLE_MEMBERS, type RedactableMember } from '../../../../src/ledger/entries/redactable-members.ts';
import { SOURCE } from '../../raw-invocation.ts';
import { packed, unpacked } from '../pack-trial.ts';
import {
  COMMAND_ID,
  edit,
  everythingIn,
  faultsOfResealed,
  listing,
  rawCommand,
  rowsOf,
  SENT_BY,
  sentCommand,
} from './command-trial.ts';

describe('a pack without the values of', () => {
  it.each<[RedactableMember, string]>([
    ['Parameters', 'srv/cache'],
    ['Targets', 'tag:Name'],
    ['OtherMembers', 'too-many-errors'],
    ['OutputS3BucketName', 'a-bucket'],
    ['Sender', SENT_BY],
  ])('%s has them nowhere, and everything else still verifies', async (member, secret) => {
    const { pack } = await packed({ redacted: [member] }, sentCommand);
    const folder = await unpacked(pack);
    expect(everythingIn(folder)).not.toContain(secret);
    const digest = createHash('sha256').update(secret).digest('hex');
    expect(everythingIn(folder)).not.toContain(digest);
    expect(await verifyEvidence(pack, [])).toMatchObject({
      ...{ verdict: 'consistent', faults: [], commands: 1, commandStates: 3, unprovenCommands: 0 },
      ...{ redacted: member === 'Sender' ? 0 : expect.any(Number), withheldSenders: member === 'Sender' ? 1 : 0 },
    });
    for (const shown of ['srv/cache', 'tag:Name', 'too-many-errors', 'a-bucket', SENT_BY])
      if (shown !== secret) expect(everythingIn(folder)).toContain(shown);
  });

  it('all members has none of them, says what is redacted, and still proves the rest', async () => {
    const { pack, keyPath } = await packed({ redacted: REDACTABLE_MEMBERS }, sentCommand);
    const folder = await unpacked(pack);
    for (const secret of ['srv/cache', 'tag:Name', 'too-many-errors', 'a-bucket', SENT_BY])
      expect(everythingIn(folder)).not.toContain(secret);
    expect(rowsOf(folder, 'commands.ndjson')).toMatchObject([
      {
        ...{ parameters: null, targets: null, outputS3BucketName: '[redacted]', comment: '', serviceRole: '' },
        ...{ otherMembers: { AlarmConfiguration: '[redacted]', TriggeredAlarms: [] }, maxErrors: '10%' },
      },
    ]);
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain('<dt>Parameters</dt><dd>[redacted]</dd>');
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [] });
    edit(join(folder, 'commands.ndjson'), (text) =>
      text.replace('"parameters":null', '"parameters":{"commands":["ls"]}'),
    );
    expect(await faultsOfResealed(folder, keyPath)).toMatch(/is not the last state of the command/);
  });
});

describe('a pack of a command with members that no column can hold', () => {
  const odd = rawCommand({
    ...{ Parameters: ['srv/cache'], Targets: 'tag:Name' },
    NotificationConfig: { NotificationArn: 'an-arn', NotificationTopic: 'a-topic' },
  });
  const others = {
    Parameters: ['srv/cache'],
    Targets: 'tag:Name',
    NotificationConfig: { NotificationTopic: 'a-topic' },
  };

  it('has them in its rows and on its page, and proves them', async () => {
    const folder = await unpacked((await packed({}, listing(odd))).pack);
    expect(rowsOf(folder, 'commands.ndjson')).toMatchObject([
      { parameters: null, notificationArn: 'an-arn', otherMembers: others },
    ]);
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    for (const shown of ['srv/cache', 'tag:Name', 'a-topic']) expect(html).toContain(shown);
    expect(html).not.toContain('The service showed none');
  });

  it('has none of them that is redacted, and proves the rest', async () => {
    const { pack } = await packed({ redacted: ['Parameters', 'Targets', 'OtherMembers'] }, listing(odd));
    const folder = await unpacked(pack);
    for (const secret of ['srv/cache', 'tag:Name', 'a-topic']) expect(everythingIn(folder)).not.toContain(secret);
    const redacted = { AlarmConfiguration: '[redacted]', TriggeredAlarms: [] };
    expect(rowsOf(folder, 'commands.ndjson')).toMatchObject([
      {
        ...{ parameters: null, targets: null, notificationArn: 'an-arn' },
        otherMembers: { ...redacted, NotificationConfig: { NotificationTopic: '[redacted]' } },
      },
    ]);
    expect(Object.keys(Object(rowsOf(folder, 'commands.ndjson')[0]?.otherMembers))).not.toContain('Parameters');
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [], unprovenCommands: 0 });
  });
});

/** A command whose states are entries of the kind from before migration 0013, which have its row in the clear. */
function withOldCommand(sqlite: Database): void {
  const fingerprint = Buffer.alloc(16, 7);
  const key = { account_id: SOURCE.accountId, region: SOURCE.region, command_id: COMMAND_ID };
  sqlite.exec('DROP TRIGGER command_states_are_not_deleted');
  sqlite.exec('DELETE FROM command_states');
  listing(rawCommand())(sqlite);
  sqlite.exec('DELETE FROM command_states');
  const row = readRow(sqlite, 'commands', key);
  const unlisted = { ...row, parameters_json: null, targets_json: null, other_members_json: null };
  const older = { ...unlisted, output_s3_bucket_name: null, changed_at: null, fingerprint: null };
  const newer = { ...row, changed_at: '2026-03-01T10:10:00.000Z', fingerprint };
  sqlite.prepare('UPDATE commands SET changed_at = ?, fingerprint = ?').run(newer.changed_at, fingerprint);
  const ledger = createLedger(sqlite);
  for (const [n, old] of [older, newer].entries()) {
    const seq = ledger.nextSeq();
    const seenIn = n === 0 ? 'ListCommandInvocations' : 'ListCommands';
    sqlite
      .prepare(
        'INSERT INTO command_states (seq, account_id, region, command_id, observed_at, seen_in) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(seq, SOURCE.accountId, SOURCE.region, COMMAND_ID, newer.changed_at, seenIn);
    ledger.add('row', [rowEntry('commands', old)]);
  }
}

describe('a command from before its states had commitments', () => {
  it('is shown and proven if nothing of it is redacted', async () => {
    const { pack, summary } = await packed({ redacted: ['Output'] }, withOldCommand);
    expect(summary).toMatchObject({ commands: 1, commandStates: 2, withheldCommandStates: 0 });
    const folder = await unpacked(pack);
    expect(rowsOf(folder, 'commands.ndjson')).toMatchObject([
      { maxErrors: '10%', targetCount: 7, observedAt: '2026-03-01T10:10:00.000Z', seenIn: 'ListCommands' },
    ]);
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [], unprovenCommands: 0 });
  });

  it('is withheld whole if something of it is redacted, and its row is then without proof', async () => {
    const { pack, summary } = await packed({ redacted: ['Parameters'] }, withOldCommand);
    expect(summary).toMatchObject({ commandStates: 2, withheldCommandStates: 1 });
    const folder = await unpacked(pack);
    expect(everythingIn(folder)).not.toContain('srv/cache');
    expect(rowsOf(folder, 'commands.ndjson')).toMatchObject([{ parameters: null, maxErrors: '10%', targetCount: 7 }]);
    const found = { withheldCommandStates: 1, unprovenCommands: 1, faults: [] };
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', ...found });
  });
});
