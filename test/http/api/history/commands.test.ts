import { describe, expect, it } from 'vitest';
import { createListedCommandRecorder } from '../../../../src/archive/record/record-listed-commands.ts';
import { createSenderRecorder } from '../../../../src/archive/record/record-senders.ts';
import { COMMAND_MEMBERS } from '../../../../src/model/members.ts';
import { observeCommand } from '../../../../src/upstream/replies/observe-command.ts';
import { rawPlugin, SOURCE } from '../../../archive/raw-invocation.ts';
import { apiTrial, faultsOf } from '../api-trial.ts';

const OTHER = { accountId: '999999999999', region: 'us-east-1' };
const api = apiTrial();
const printing = (Output: string | undefined) => ({ CommandPlugins: [rawPlugin({ Output })] });
await api.record([
  { CommandId: 'a', InstanceId: 'i-1', ...printing('kernel 5') },
  { CommandId: 'a', InstanceId: 'i-2', ...printing('kernel 6'), RequestedDateTime: 1772357460 },
  { CommandId: 'a', InstanceId: 'i-3', ...printing('kernel 6') },
  { CommandId: 'a', InstanceId: 'i-4', ...printing(undefined), Status: 'Failed', StatusDetails: undefined },
  { CommandId: 'a', InstanceId: 'i-5', ...printing('kernel 6'), Status: 'Failed', StatusDetails: '' },
  { CommandId: 'b', InstanceId: 'i-1', RequestedDateTime: 1772357500, DocumentName: 'other', Comment: '=1+1' },
  { CommandId: 'none', InstanceId: 'i-1', RequestedDateTime: undefined, CommandPlugins: [] },
]);
await api.record([{ CommandId: 'b', InstanceId: 'i-9' }], { source: OTHER });
const SENT_BY = 'arn:aws:iam::012345678901:user/alice';
createSenderRecorder(api.db.sqlite)([
  {
    ...{ ...SOURCE, commandId: 'b', eventId: 'e-1', eventAt: '2026-03-01T09:32:00.000Z' },
    ...{ principalType: 'IAMUser', principalArn: SENT_BY, principalId: null, sessionIssuerArn: null },
    ...{ invokedBy: null, sourceIpAddress: '192.0.2.1', userAgent: 'aws-cli', isMfaAuthenticated: null },
  },
]);

describe('GET /v1/commands', () => {
  const ids = async (query: string) =>
    (await api.walk(`/v1/commands?limit=1${query}`)).map(({ commandId }) => commandId);

  it('lists commands, newest first, each with its number of nodes for each status, on pages of any size', async () => {
    expect(await ids('')).toEqual(['b', 'b', 'a', 'none']);
    const { items, nextCursor } = await api.list('/v1/commands');
    expect(nextCursor).toBeUndefined();
    expect(items[2]).toEqual({
      ...SOURCE,
      commandId: 'a',
      // The service was not seen to list the command itself.
      ...Object.fromEntries(Object.keys(COMMAND_MEMBERS).map((name) => [name, null])),
      ...{ otherMembers: null, isListed: false, missingInvocations: null, sender: null },
      documentName: 'AWS-RunShellScript',
      documentVersion: '$DEFAULT',
      comment: '',
      requestedAt: '2026-03-01T09:30:00.000Z',
      lastRequestedAt: '2026-03-01T09:31:00.000Z',
      firstSeenAt: '2026-03-01T10:00:00.000Z',
      changedAt: '2026-03-01T10:00:00.000Z',
      invocations: 5,
      byStatus: { Success: 3, Failed: 2 },
    });
  });

  it('filters commands by account, region, document and time of request', async () => {
    expect(await ids(`&account=${OTHER.accountId}`)).toEqual(['b']);
    expect(await ids(`&region=${SOURCE.region}&documentName=other`)).toEqual(['b']);
    expect(await ids('&requestedAfter=2026-03-01T09:31:40Z')).toEqual(['b']);
    expect(await ids('&requestedBefore=2026-03-01T09:30:00Z')).toEqual([]);
  });

  it('returns all rows as CSV and as NDJSON', async () => {
    const csv = await (await api.ask('/v1/commands?format=csv')).text();
    expect(csv.split('\r\n')[1]).toContain(`,other,$DEFAULT,"'=1+1",`);
    expect(csv.split('\r\n')).toHaveLength(6);
    const { items } = await api.list('/v1/commands');
    const lines = (await (await api.ask('/v1/commands?format=ndjson')).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(items);
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/commands', query: 'format=ndjson', rows: 4 });
  });

  it('says who sent each command, as JSON, NDJSON and CSV, if an event of CloudTrail was imported', async () => {
    const { items } = await api.list('/v1/commands?documentName=other');
    expect(items.map(({ sender }) => sender)).toEqual([
      {
        ...{ eventAt: '2026-03-01T09:32:00.000Z', principalType: 'IAMUser', principalArn: SENT_BY, invokedBy: null },
        ...{ sourceIpAddress: '192.0.2.1', userAgent: 'aws-cli' },
      },
    ]);
    expect(await api.json(`/v1/commands/${SOURCE.accountId}/${SOURCE.region}/b`)).toMatchObject(items[0] ?? {});
    for (const format of ['csv', 'ndjson'])
      expect(await (await api.ask(`/v1/commands?format=${format}`)).text()).toContain(SENT_BY);
  });

  it('lists commands as the archive knew them at a past time, as JSON and as NDJSON', async () => {
    const [early, late] = ['2026-03-01T10:00:30.000Z', '2026-03-01T11:00:00.000Z'];
    const ended = { CommandId: 'a', DocumentName: 'AWS-RunShellScript', Status: 'Success', TargetCount: 5 };
    const record = createListedCommandRecorder(api.db.sqlite);
    const RequestedDateTime = 1772357400;
    record(SOURCE, late, [
      observeCommand({ ...ended, RequestedDateTime }),
      observeCommand({ CommandId: 'later', RequestedDateTime }),
    ]);
    const asOf = async (at: string, query = '') => (await api.list(`/v1/commands?asOf=${at}${query}`)).items;
    const now = (await api.list('/v1/commands')).items;
    expect(await asOf(late)).toEqual(now);
    const then = await asOf(early);
    expect(then.map(({ commandId }) => commandId)).toEqual(['b', 'b', 'a', 'none']);
    expect(then[2]).toMatchObject({ isListed: false, status: null, targetCount: null, invocations: 5 });
    for (const one of then)
      expect(
        await api.json(`/v1/commands/${one.accountId}/${one.region}/${one.commandId}?asOf=${early}`),
      ).toMatchObject(one);
    expect(await api.walk(`/v1/commands?limit=1&asOf=${early}`)).toEqual(then);
    const lines = (await (await api.ask(`/v1/commands?format=ndjson&asOf=${early}`)).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(then);
    const empty = await api.list('/v1/commands?asOf=2026-01-01T00:00:00Z');
    expect(empty).toMatchObject({ items: [] });
    expect(empty).not.toHaveProperty('coverage');
  });

  it('refuses parameters that it does not have', async () => {
    const faults = faultsOf(await api.problem('/v1/commands?status=Failed&limit=0', 400));
    expect(Object.keys(faults).sort()).toEqual(['limit', 'status']);
  });
});

describe('GET /v1/commands/{accountId}/{region}/{commandId}', () => {
  it('summarises a command: its nodes by status, its times, its steps, and the nodes whose output differs', async () => {
    const path = `/v1/commands/${SOURCE.accountId}/${SOURCE.region}/a`;
    const found = await api.json(path);
    expect(found).toMatchObject({
      invocations: 5,
      byStatus: { Success: 3, Failed: 2 },
      byStatusDetails: { Success: 3, '': 2 },
      requestedAt: '2026-03-01T09:30:00.000Z',
      lastRequestedAt: '2026-03-01T09:31:00.000Z',
      startedAt: '2026-03-01T09:30:00.500Z',
      finishedAt: '2026-03-01T09:30:01.000Z',
      steps: [
        { position: 0, nodes: 5, distinctOutputs: 2, outlierCount: 2, commonOutput: { output: 'kernel 6', nodes: 3 } },
      ],
    });
    expect(found.outliers).toEqual([
      expect.objectContaining({ instanceId: 'i-1', outputSha256: expect.stringMatching(/^[0-9a-f]{64}$/) }),
      expect.objectContaining({ instanceId: 'i-4', outputSha256: null }),
    ]);
    expect(api.accessRows()[0]).toMatchObject({ path, status: 200, rows: 1 });
  });

  it('summarises a command without steps', async () => {
    expect(await api.json(`/v1/commands/${SOURCE.accountId}/${SOURCE.region}/none`)).toMatchObject({
      requestedAt: null,
      startedAt: null,
      steps: [],
      outliers: [],
    });
  });

  it('says that a command does not exist, and refuses any parameter', async () => {
    const { detail } = await api.problem(`/v1/commands/${OTHER.accountId}/${SOURCE.region}/a`, 404);
    expect(detail).toBe(
      'The archive has no command a in 999999999999, eu-west-1. GET /v1/coverage says what is collected.',
    );
    expect(faultsOf(await api.problem(`/v1/commands/1/2/3?x=1`, 400))).toHaveProperty('x');
  });
});
