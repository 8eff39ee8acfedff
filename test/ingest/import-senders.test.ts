import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { countSenders } from '../../src/archive/record/count-senders.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { importSenders } from '../../src/ingest/import-senders.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { page, rawInvocation, SOURCE } from '../archive/raw-invocation.ts';
import { rowsOf, tempArchive, tempFolder, writesOf } from '../db/temp-archive.ts';

/** Returns the event of a command as CloudTrail writes it, with these members replaced. */
function event(commandId: string, members: object = {}): object {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:ada@example.com',
      arn: 'arn:aws:sts::012345678901:assumed-role/Operations/ada@example.com',
      accountId: '012345678901',
      accessKeyId: 'ASIAEXAMPLE',
      sessionContext: {
        sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::012345678901:role/Operations', userName: 'Operations' },
        attributes: { creationDate: '2026-03-01T08:00:00Z', mfaAuthenticated: 'true' },
      },
    },
    eventTime: '2026-03-01T09:30:00Z',
    eventSource: 'ssm.amazonaws.com',
    eventName: 'SendCommand',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.31.2',
    requestParameters: { documentName: 'AWS-RunShellScript', parameters: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    responseElements: { command: { commandId, requestedDateTime: 'Mar 1, 2026, 9:30:00 AM' } },
    eventID: `event-of-${commandId}`,
    recipientAccountId: '012345678901',
    ...members,
  };
}

const log = (...events: object[]) => JSON.stringify({ Records: events });

/** An archive, and a folder for files. */
function trial() {
  const folder = tempFolder();
  return {
    db: tempArchive(),
    folder,
    put: (name: string, content: string | Buffer) => {
      const path = join(folder, name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
  };
}

describe('importing senders', () => {
  it('keeps everything that the event says about who sent the command', () => {
    const { db, put } = trial();
    const path = put('log.json', log(event('c-1')));
    expect(importSenders(db, [path])).toEqual({
      files: 1,
      events: 1,
      kept: 1,
      known: 0,
      unreadable: 0,
      partial: [],
      skipped: [],
    });
    expect(rowsOf(db, 'command_senders')).toEqual([
      {
        account_id: '012345678901',
        region: 'eu-west-1',
        command_id: 'c-1',
        event_id: 'event-of-c-1',
        event_at: '2026-03-01T09:30:00.000Z',
        principal_type: 'AssumedRole',
        principal_arn: 'arn:aws:sts::012345678901:assumed-role/Operations/ada@example.com',
        principal_id: 'AROAEXAMPLE:ada@example.com',
        session_issuer_arn: 'arn:aws:iam::012345678901:role/Operations',
        invoked_by: null,
        source_ip_address: '198.51.100.7',
        user_agent: 'aws-cli/2.31.2',
        is_mfa_authenticated: 1,
      },
    ]);
  });

  it('reads the folders of a trail, compressed or not, and what lookup-events prints', () => {
    const { db, folder, put } = trial();
    put('AWSLogs/012345678901/CloudTrail/eu-west-1/2026/03/01/a.json.gz', gzipSync(log(event('c-1'), event('c-2'))));
    put('AWSLogs/012345678901/CloudTrail/eu-west-1/2026/03/02/b.json', log(event('c-3')));
    put('AWSLogs/012345678901/CloudTrail-Digest/d.json.gz', gzipSync('{"digestStartTime":"2026","logFiles":[]}'));
    put('AWSLogs/notes.txt', 'not for us');
    const found = { Events: [{ EventId: 'x', CloudTrailEvent: JSON.stringify(event('c-4')) }] };
    const looked = put('elsewhere.txt', JSON.stringify(found));
    const { files, kept, skipped } = importSenders(db, [join(folder, 'AWSLogs'), looked]);
    expect({ files, kept, skipped }).toEqual({ files: 4, kept: 4, skipped: [] });
    expect(rowsOf(db, 'command_senders').map((row) => row.command_id)).toEqual(['c-1', 'c-2', 'c-3', 'c-4']);
  });

  it('keeps the senders only of commands that were really sent', () => {
    const { db, put } = trial();
    const others = [
      event('c-1', { errorCode: 'AccessDenied', responseElements: null }),
      event('c-1', { eventName: 'CancelCommand' }),
      event('c-1', { eventSource: 'ec2.amazonaws.com' }),
      'no event',
    ];
    const imported = importSenders(db, [put('log.json', JSON.stringify({ Records: others }))]);
    expect(imported).toMatchObject({ files: 1, events: 4, kept: 0, known: 0, unreadable: 0 });
  });

  it.each([
    ['a reply that CloudTrail left out', { responseElements: { omitted: true, reason: 'too long' } }],
    ['no reply', { responseElements: null }],
    ['no time', { eventTime: 'Mar 1, 2026' }],
    ['no account', { recipientAccountId: undefined, userIdentity: { type: 'AWSService' } }],
  ])('counts an event with %s, and does not keep it', (_, members) => {
    const { db, put } = trial();
    const imported = importSenders(db, [put('log.json', log(event('c-1', members), event('c-2')))]);
    expect(imported).toMatchObject({ kept: 1, unreadable: 1 });
  });

  it('keeps the identity of an AWS service, and of a user without a session', () => {
    const { db, put } = trial();
    const service = { type: 'AWSService', invokedBy: 'ssm.amazonaws.com' };
    const user = { type: 'IAMUser', arn: 'arn:aws:iam::012345678901:user/ada', accountId: '012345678901' };
    const events = [event('c-1', { userIdentity: service }), event('c-2', { userIdentity: user })];
    importSenders(db, [put('log.json', log(...events))]);
    expect(rowsOf(db, 'command_senders')).toMatchObject([
      { principal_arn: null, invoked_by: 'ssm.amazonaws.com', session_issuer_arn: null, is_mfa_authenticated: null },
      { principal_arn: user.arn, invoked_by: null, session_issuer_arn: null, is_mfa_authenticated: null },
    ]);
  });

  it('writes nothing for a command whose sender is known, whatever a later file says', () => {
    const { db, put } = trial();
    const path = put('log.json', log(event('c-1'), event('c-2')));
    importSenders(db, [path]);
    const before = rowsOf(db, 'command_senders');
    const writes = writesOf(db);
    const changed = put('other.json', log(event('c-1', { eventID: 'another', sourceIPAddress: '203.0.113.1' })));
    expect(importSenders(db, [path, changed])).toMatchObject({ kept: 0, known: 3 });
    expect([rowsOf(db, 'command_senders'), writesOf(db)]).toEqual([before, writes]);
  });

  it('names each file that it skips, with the reason, and goes on with the next file', () => {
    const { db, folder, put } = trial();
    const whole = gzipSync(log(event('c-1')));
    const [cut, other, text] = [
      put('a.json.gz', whole.subarray(0, whole.length - 20)),
      put('b.json', '{"Items":[]}'),
      put('c.json', log(event('c-2')).slice(0, -3)),
    ];
    const good = put('d.json', log(event('c-3')));
    const none = join(folder, 'none');
    const { files, kept, skipped } = importSenders(db, [cut, other, text, none, good]);
    expect([files, kept]).toEqual([1, 1]);
    expect(skipped).toEqual([
      { path: none, reason: `There is no file ${none}.` },
      { path: cut, reason: 'It is compressed, but broken or too large.' },
      { path: other, reason: 'It is JSON, but neither a CloudTrail log file nor the output of lookup-events.' },
      { path: text, reason: 'It is not JSON, or is not complete.' },
    ]);
  });

  it('counts the commands in the archive that still have no sender, each in its account and region', () => {
    const { db, put } = trial();
    const ids = ['c-1', 'c-2', 'c-3'];
    createSingleReplyRecorder(db.sqlite)(page(ids.map((CommandId) => rawInvocation({ CommandId }))));
    const here = { recipientAccountId: SOURCE.accountId, awsRegion: SOURCE.region };
    importSenders(db, [put('log.json', log(event('c-1', here), event('c-2', { ...here, awsRegion: 'us-east-1' })))]);
    expect(countSenders(db.sqlite)).toEqual({ commands: 3, withoutSender: 2 });
  });

  it('finds the sender of every command of a simulated fleet', async () => {
    const { db, put } = trial();
    const simulator = await startSimulator({ invocations: 300, now: new Date('2026-03-31T12:00:00Z'), clockRate: 0 });
    const [accountId, region] = ['111122223333', 'eu-west-1'];
    const events = [...simulator.sendEvents(accountId, region)];
    const sent = new Set([...simulator.truth(accountId, region)].map(({ CommandId }) => CommandId));
    await simulator.close();
    expect(importSenders(db, [put('log.json', JSON.stringify({ Records: events }))])).toMatchObject({ unreadable: 0 });
    const known = new Set(rowsOf(db, 'command_senders').map((row) => row.command_id));
    expect(sent.size).toBeGreaterThan(10);
    expect([...sent].filter((id) => !known.has(id))).toEqual([]);
    expect(new Set(rowsOf(db, 'command_senders').map((row) => row.principal_arn)).size).toBeGreaterThan(3);
  });
});
