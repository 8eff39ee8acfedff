import { describe, expect, it } from 'vitest';
import { fillCommands } from '../../../../src/archive/file/new-members/fill-commands.ts';
import { fillNewMembers } from '../../../../src/archive/file/new-members/fill-new-members.ts';
import { findNewMembers, readColumns } from '../../../../src/archive/file/new-members/find-new-members.ts';
import { checkRows } from '../../../../src/archive/verify/check-rows.ts';
import type { ArchiveDb } from '../../../../src/db/open.ts';
import { createLedger } from '../../../../src/ledger/create-ledger.ts';
import { rowEntry, type TableRow } from '../../../../src/ledger/entries/entries.ts';
import { COMMAND_MEMBERS, INVOCATION_MEMBERS, type MemberList, STEP_MEMBERS } from '../../../../src/model/members.ts';
import { rowsOf, tempArchive } from '../../../db/temp-archive.ts';
import { rawPlugin } from '../../raw-invocation.ts';
import { archiveWith, list, show } from '../../values/seen-archive.ts';
import { sentences, verifyInProcess } from '../../verify/attacked-archive.ts';

const { serviceRole, notificationEvents } = INVOCATION_MEMBERS;
const { outputS3KeyPrefix } = STEP_MEMBERS;
const SOME = { invocations: { serviceRole, notificationEvents }, plugins: { outputS3KeyPrefix }, commands: {} };
/** Members that AWS does not have. */
const ALARMS: MemberList = {
  alarms: { aws: 'LaterAlarms', column: 'alarms_json', kind: 'list' },
  ignores: { aws: 'LaterConfiguration.Ignores', column: 'ignores', kind: 'flag' },
};

/** An archive in which these columns are as empty as a migration that added them would leave them. */
function archiveWithEmptyColumns() {
  const role = (ServiceRole: string, more = {}) => ({
    ServiceRole,
    NotificationConfig: { NotificationEvents: ['All'] },
    CommandPlugins: [rawPlugin({ Name: 'a' }), rawPlugin({ Name: 'b', OutputS3KeyPrefix: ServiceRole })],
    ...more,
  });
  const db = archiveWith([role('first', { Status: 'InProgress' }), role('other', { InstanceId: 'i-2' })]);
  show(db, [role('half \ud83d')], { minute: 1 });
  const before = rowsOf(db, 'invocations');
  db.sqlite.exec('UPDATE invocations SET service_role = NULL, notification_events_json = NULL');
  db.sqlite.exec('UPDATE plugins SET output_s3_key_prefix = NULL');
  return { db, before };
}

/** What `verify` says of the content of an archive. */
const foundIn = ({ sqlite }: ArchiveDb) => sentences(verifyInProcess(sqlite, { trustedKeys: [] }));

describe('columns of members that were added after the archive had recorded them', () => {
  it('are filled from the last state of each invocation, so that verify finds no difference', () => {
    const { db, before } = archiveWithEmptyColumns();
    const empty = foundIn(db);
    expect(empty).toContain('invocations.service_role differs from its last state');
    expect(empty).toContain('plugins.output_s3_key_prefix of step 1 differs from its last state');
    fillNewMembers(db.sqlite, SOME, () => {});
    expect(foundIn(db)).not.toContain('differs');
    expect(rowsOf(db, 'invocations')).toEqual(before);
    expect(rowsOf(db, 'invocations')).toMatchObject([{ service_role: 'half \ufffd' }, { service_role: 'other' }]);
  });

  it('are left empty where a state batch is damaged, which does not prevent the migration', () => {
    const { db } = archiveWithEmptyColumns();
    db.sqlite.exec('DROP TRIGGER revision_pages_are_not_updated');
    db.sqlite.exec("UPDATE revision_pages SET states = x'ff' WHERE id = 1");
    fillNewMembers(db.sqlite, SOME, () => {});
    expect(rowsOf(db, 'invocations')).toMatchObject([{ service_role: 'half \ufffd' }, { service_role: null }]);
  });

  it('get the members of commands that were kept together while they had no column, as a new recording would', () => {
    const db = archiveWith([]);
    const others = { LaterAlarms: [{ Name: 'cpu' }], LaterConfiguration: { Ignores: true }, New: 1 };
    list(db, { CommandId: 'both', ...others });
    list(db, { CommandId: 'odd', LaterAlarms: 'a text' });
    list(db, { CommandId: 'neither', New: 1 });
    db.sqlite.exec('ALTER TABLE commands ADD alarms_json text; ALTER TABLE commands ADD ignores integer');
    fillCommands(db.sqlite, ALARMS);
    expect(rowsOf(db, 'commands')).toMatchObject([
      { command_id: 'both', alarms_json: '[{"Name":"cpu"}]', ignores: 1, other_members_json: '{"New":1}' },
      { command_id: 'odd', alarms_json: null, ignores: null, other_members_json: '{"LaterAlarms":"a text"}' },
      { command_id: 'neither', alarms_json: null, ignores: null, other_members_json: '{"New":1}' },
    ]);
  });

  it('are the same for verify in a command and in its older entry of the ledger, which lacks the column', () => {
    const db = archiveWith([]);
    db.sqlite.exec('ALTER TABLE commands RENAME COLUMN timeout_seconds TO not_yet');
    const row = "'1', 'r', 'c', '2026-03-01T00:00:00.000Z', NULL";
    const columns = 'account_id, region, command_id, first_seen_at, not_yet';
    const [kept] = db.sqlite
      .prepare<[], TableRow>(
        `INSERT INTO commands (${columns}, other_members_json) VALUES (${row}, '{"New":1,"TimeoutSeconds":60}') RETURNING *`,
      )
      .all();
    const { not_yet: _absent, ...before } = kept ?? {};
    const ledger = createLedger(db.sqlite);
    db.sqlite
      .prepare(
        `INSERT INTO command_states (seq, account_id, region, command_id, observed_at, seen_in)
         SELECT ?, account_id, region, command_id, first_seen_at, 'ListCommandInvocations' FROM commands`,
      )
      .run(ledger.nextSeq());
    ledger.add('row', [rowEntry('commands', before)]);
    db.sqlite.exec('ALTER TABLE commands RENAME COLUMN not_yet TO timeout_seconds');
    expect(checkRows(db.sqlite)).toMatchObject(
      ['timeout_seconds', 'other_members_json'].map((column) => ({ what: expect.stringContaining(column) })),
    );
    fillCommands(db.sqlite, { timeoutSeconds: COMMAND_MEMBERS.timeoutSeconds });
    expect(rowsOf(db, 'commands')).toMatchObject([{ timeout_seconds: 60, other_members_json: '{"New":1}' }]);
    expect(checkRows(db.sqlite)).toEqual([]);
    db.sqlite.exec('UPDATE commands SET timeout_seconds = 61');
    expect(checkRows(db.sqlite)).toHaveLength(1);
  });

  it('are those of members, in tables that the file had before', () => {
    const db = tempArchive();
    const now = readColumns(db.sqlite);
    expect(findNewMembers(now, now)).toEqual({ invocations: {}, plugins: {}, commands: {} });
    const without = (table: 'invocations' | 'plugins', ...columns: string[]) =>
      new Set([...now[table]].filter((column) => !columns.includes(column)));
    const before = {
      invocations: without('invocations', 'service_role', 'notification_events_json', 'changed_at'),
      plugins: without('plugins', 'output_s3_key_prefix', 'is_skipped'),
      commands: new Set<string>(),
    };
    expect(findNewMembers(before, now)).toEqual(SOME);
  });
});
