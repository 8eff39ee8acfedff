import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { rowsOf, tempArchive, writesOf } from '../../db/temp-archive.ts';
import { type Members, OBSERVED_AT, page, rawInvocation, rawPlugin, rebuild, revisionsOf } from '../raw-invocation.ts';

const LATER = '2026-03-01T11:00:00.000Z';

function setUp() {
  const db = tempArchive();
  return { db, record: createSingleReplyRecorder(db.sqlite) };
}

/** The same value with the members of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('recording a reply', () => {
  it('adds a new invocation, its steps in order, their outputs, and a revision', () => {
    const { db, record } = setUp();
    const steps = [rawPlugin({ Name: 'first', Output: 'one' }), rawPlugin({ Name: 'second', Output: 'two' })];
    expect(record(page([rawInvocation({ CommandPlugins: steps })]))).toEqual({
      seen: 1,
      added: 1,
      changed: 0,
      changedFinal: 0,
    });
    expect(rowsOf(db, 'invocations')).toMatchObject([
      {
        account_id: '012345678901',
        region: 'eu-west-1',
        command_id: '11111111-2222-4333-8444-555555555555',
        instance_id: 'i-0123456789abcdef0',
        instance_name: 'web-1',
        comment: '',
        requested_at: '2026-03-01T09:30:00.000Z',
        status: 'Success',
        notification_events_json: '[]',
        is_cloudwatch_output_enabled: 0,
        first_seen_at: OBSERVED_AT,
        changed_at: OBSERVED_AT,
      },
    ]);
    expect(rowsOf(db, 'plugin_runs')).toMatchObject([
      { position: 0, plugin_name: 'first', output: 'one', duration_ms: 500 },
      { position: 1, plugin_name: 'second', output: 'two', finished_at: '2026-03-01T09:30:01.000Z' },
    ]);
    expect(revisionsOf(db)).toMatchObject([{ observed_at: OBSERVED_AT, status: 'Success', plugin_count: 2 }]);
  });

  it('updates the values that differ, and keeps the time when the invocation was first seen', () => {
    const { db, record } = setUp();
    record(page([rawInvocation({ Status: 'InProgress', StatusDetails: 'InProgress' })]));
    expect(record(page([rawInvocation()], { observedAt: LATER }))).toEqual({
      seen: 1,
      added: 0,
      changed: 1,
      changedFinal: 0,
    });
    expect(rowsOf(db, 'invocations')).toMatchObject([
      { status: 'Success', first_seen_at: OBSERVED_AT, changed_at: LATER },
    ]);
    expect(revisionsOf(db).map(({ status, observed_at }) => [status, observed_at])).toEqual([
      ['InProgress', OBSERVED_AT],
      ['Success', LATER],
    ]);
  });

  it('writes nothing for an unchanged reply', () => {
    const { db, record } = setUp();
    const raws = ['i-a', 'i-b', 'i-c'].map((InstanceId) => rawInvocation({ InstanceId }));
    record(page(raws));
    const writes = writesOf(db);
    const walBytes = statSync(`${db.sqlite.name}-wal`).size;
    expect(record(page(raws, { observedAt: LATER }))).toEqual({ seen: 3, added: 0, changed: 0, changedFinal: 0 });
    expect(writesOf(db)).toBe(writes);
    expect(statSync(`${db.sqlite.name}-wal`).size).toBe(walBytes);
  });

  it('writes nothing if only the order of members differs', () => {
    const { db, record } = setUp();
    record(page([rawInvocation()]));
    const writes = writesOf(db);
    expect(record(page([reversed(rawInvocation())], { observedAt: LATER }))).toMatchObject({ added: 0, changed: 0 });
    expect(writesOf(db)).toBe(writes);
  });

  it('counts another order of steps as a change', () => {
    const { db, record } = setUp();
    const steps = [rawPlugin({ Name: 'first' }), rawPlugin({ Name: 'second' })];
    record(page([rawInvocation({ CommandPlugins: steps })]));
    expect(record(page([rawInvocation({ CommandPlugins: steps.toReversed() })])).changed).toBe(1);
    expect(rowsOf(db, 'plugins').map(({ name }) => name)).toEqual(['second', 'first']);
  });

  it('distinguishes an absent member, an empty one and null as three states', () => {
    const { db, record } = setUp();
    const { Comment: _, ...absent } = rawInvocation();
    for (const raw of [absent, { ...absent, Comment: '' }, { ...absent, Comment: null }]) record(page([raw]));
    expect(revisionsOf(db).map(({ json }) => /"Comment":[^,]*/.exec(json)?.[0])).toEqual([
      undefined,
      '"Comment":""',
      '"Comment":null',
    ]);
  });

  it('makes only one row and one revision if the same invocation is in a reply twice', () => {
    const { db, record } = setUp();
    expect(record(page([rawInvocation(), rawInvocation()]))).toEqual({
      seen: 2,
      added: 1,
      changed: 0,
      changedFinal: 0,
    });
    expect(rowsOf(db, 'invocations')).toHaveLength(1);
    expect(revisionsOf(db)).toHaveLength(1);
  });

  it('counts the invocations that the service changed after their end', () => {
    const { db, record } = setUp();
    record(page(['i-1', 'i-2', 'i-3'].map((InstanceId) => rawInvocation({ InstanceId }))));
    const changed = [rawInvocation({ InstanceId: 'i-1', Comment: 'other' }), rawInvocation({ InstanceId: 'i-2' })];
    expect(record(page(changed, { observedAt: LATER }))).toMatchObject({ changed: 1, changedFinal: 1 });
    expect(revisionsOf(db, 'i-1')).toHaveLength(2);
  });

  it('if the reply has two states of one invocation, keeps the later one, and a revision for each state', () => {
    const { db, record } = setUp();
    const tally = record(page([rawInvocation({ Status: 'InProgress' }), rawInvocation()]));
    expect(tally).toEqual({ seen: 2, added: 1, changed: 1, changedFinal: 0 });
    expect(revisionsOf(db).map(({ status }) => status)).toEqual(['InProgress', 'Success']);
    expect(rowsOf(db, 'invocations')).toMatchObject([{ status: 'Success' }]);
  });

  it('takes the last state of an invocation in a reply as its present state, even if the invocation had that state before', () => {
    const { db, record } = setUp();
    record(page([rawInvocation()]));
    record(page([rawInvocation({ Status: 'Failed' }), rawInvocation()]));
    expect(revisionsOf(db).map(({ status }) => status)).toEqual(['Success', 'Failed', 'Success']);
    expect(rowsOf(db, 'invocations')).toMatchObject([{ status: 'Success' }]);
  });

  it('continues where the first recorder ended if a second one writes to the same file', () => {
    const { db, record } = setUp();
    record(page([rawInvocation({ Status: 'InProgress' })]));
    createSingleReplyRecorder(db.sqlite)(page([rawInvocation()]));
    expect(revisionsOf(db).map(({ status }) => status)).toEqual(['InProgress', 'Success']);
  });

  it('counts the same command on the same node in another region or account as another invocation', () => {
    const { db, record } = setUp();
    record(page([rawInvocation()]));
    record(page([rawInvocation()], { source: { accountId: '012345678901', region: 'us-east-1' } }));
    record(page([rawInvocation()], { source: { accountId: '999999999999', region: 'eu-west-1' } }));
    expect(rowsOf(db, 'invocations')).toHaveLength(3);
    expect(revisionsOf(db)).toHaveLength(3);
  });

  it('records a revision if an invocation has fewer steps than before, and removes the rows of the other steps', () => {
    const { db, record } = setUp();
    const steps = ['a', 'b', 'c'].map((Name) => rawPlugin({ Name }));
    record(page([rawInvocation({ CommandPlugins: steps })]));
    record(page([rawInvocation({ CommandPlugins: steps.slice(0, 1) })]));
    expect(rowsOf(db, 'plugins').map(({ name }) => name)).toEqual(['a']);
    record(page([rawInvocation({ CommandPlugins: [] })]));
    expect(rowsOf(db, 'plugins')).toEqual([]);
    expect(revisionsOf(db).map(({ plugin_count }) => plugin_count)).toEqual([3, 1, 0]);
  });

  it('does not touch the steps of other invocations if one invocation has fewer steps than before', () => {
    const { db, record } = setUp();
    const CommandPlugins = [rawPlugin(), rawPlugin()];
    const others = ['i-a', 'i-b'].map((InstanceId) => rawInvocation({ InstanceId, CommandPlugins }));
    record(page(others));
    record(page([rawInvocation({ InstanceId: 'i-a', CommandPlugins: [] })]));
    expect(rowsOf(db, 'plugin_runs').map(({ instance_id }) => instance_id)).toEqual(['i-b', 'i-b']);
  });

  it('sets the columns of all members that the service no longer sends to NULL', () => {
    const { db, record } = setUp();
    record(page([rawInvocation()]));
    const { CommandId, InstanceId } = rawInvocation();
    record(page([{ CommandId, InstanceId }]));
    const key = ['id', 'account_id', 'region', 'command_id', 'instance_id', 'first_seen_at', 'changed_at'];
    const rest = Object.entries(rowsOf(db, 'invocations')[0] ?? {}).filter(([name]) => !key.includes(name));
    expect(rest.filter(([name, value]) => value !== null && name !== 'fingerprint')).toEqual([]);
  });
});

describe('the state in a revision', () => {
  it('is the canonical JSON of everything that was sent, to the byte, with outputs by digest', () => {
    const { db, record } = setUp();
    const plugin = { Output: 'hi', Name: 'b', ResponseCode: -1, ResponseStartDateTime: 1.541992493965e9 };
    record(page([{ Zeta: 1e21, InstanceId: 'i-1', CommandPlugins: [plugin], CommandId: 'c', '€': true, é: null }]));
    expect(revisionsOf(db).map(({ json }) => json)).toEqual([
      '{"CommandId":"c","CommandPlugins":[{"Name":"b","Output":{"sha256":"8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4"},"ResponseCode":-1,"ResponseStartDateTime":1541992493.965}],"InstanceId":"i-1","Zeta":1e+21,"é":null,"€":true}',
    ]);
  });

  it('keeps members that this version does not know, at every depth, and counts a change of only these as a change', () => {
    const { db, record } = setUp();
    const raw = (Region: string): Members =>
      rawInvocation({ NewMember: { Deep: [1, { Region }] }, CommandPlugins: [rawPlugin({ Unmodelled: Region })] });
    record(page([raw('a')]));
    expect(record(page([raw('b')])).changed).toBe(1);
    expect(revisionsOf(db).map((revision) => rebuild(db, revision))).toEqual([raw('a'), raw('b')]);
  });

  it.each([
    ['Output', { Output: 5 }],
    ['Output', { Output: { sha: 'x' } }],
    ['ResponseCode', { ResponseCode: 'none' }],
    ['ResponseStartDateTime', { ResponseStartDateTime: { seconds: 1 } }],
  ])('keeps a %s of an unexpected type in the state, and stores NULL in its column', (_member, members) => {
    const { db, record } = setUp();
    const raw = rawInvocation({ Comment: 7, CommandPlugins: [rawPlugin(members), 'no step', null] });
    record(page([raw]));
    expect(revisionsOf(db).map(({ json }) => JSON.parse(json))).toMatchObject([
      { Comment: 7, CommandPlugins: [members, 'no step', null] },
    ]);
    expect(rowsOf(db, 'plugins')).toHaveLength(3);
    expect(rowsOf(db, 'invocations')).toMatchObject([{ comment: null }]);
  });

  it('can be rebuilt for an earlier time even after many later states', () => {
    const { db, record } = setUp();
    const states = Array.from({ length: 30 }, (_, i) =>
      rawInvocation({ Status: `Status ${i}`, CommandPlugins: [rawPlugin({ Output: `line ${i % 7}` })] }),
    );
    for (const state of states) record(page([state]));
    expect(revisionsOf(db).map((revision) => rebuild(db, revision))).toEqual(states);
  });
});

describe('a reply that fails, or has nothing new,', () => {
  it('leaves no row, no output and no revision', () => {
    const { db, record } = setUp();
    const failing = page([rawInvocation()], {
      inTransaction() {
        throw new Error('The fence.');
      },
    });
    expect(() => record(failing)).toThrow('The fence.');
    for (const table of ['invocations', 'plugins', 'outputs', 'revisions']) expect(rowsOf(db, table)).toEqual([]);
  });

  it('leaves earlier rows as they were', () => {
    const { db, record } = setUp();
    record(page([rawInvocation()]));
    const before = ['invocations', 'plugins', 'outputs', 'revisions'].map((table) => rowsOf(db, table));
    const news = [rawInvocation({ Status: 'Failed', CommandPlugins: [] }), rawInvocation({ InstanceId: 'i-new' })];
    expect(() => record(page(news, { inTransaction: () => db.sqlite.exec('INSERT INTO no_table') }))).toThrow();
    expect(['invocations', 'plugins', 'outputs', 'revisions'].map((table) => rowsOf(db, table))).toEqual(before);
  });

  it('can be recorded again, with its outputs', () => {
    const { db, record } = setUp();
    let fails = true;
    const recorded = page([rawInvocation()], {
      inTransaction() {
        if (fails) throw new Error('Once.');
      },
    });
    expect(() => record(recorded)).toThrow('Once.');
    record(page([rawInvocation({ InstanceId: 'i-z', CommandPlugins: [rawPlugin({ Output: 'another' })] })]));
    fails = false;
    expect(record(recorded)).toMatchObject({ added: 1 });
    expect(rowsOf(db, 'plugin_runs').map(({ output }) => output)).toEqual(['another', 'done\n']);
  });

  it('passes its tally to `inTransaction`, and begins no transaction if it has nothing new', () => {
    const { record } = setUp();
    const tallies: unknown[] = [];
    const inTransaction = (tally: unknown) => tallies.push({ ...Object(tally) });
    record(page([rawInvocation()], { inTransaction }));
    record(page([rawInvocation()], { inTransaction }));
    expect(tallies).toEqual([{ seen: 1, added: 1, changed: 0, changedFinal: 0 }]);
  });
});
