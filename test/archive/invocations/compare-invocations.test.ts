import { describe, expect, it } from 'vitest';
import { listRevisions } from '../../../src/archive/invocations/list-revisions.ts';
import { readComparison } from '../../../src/archive/invocations/read-comparison.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { type Members, page, rawInvocation, rawPlugin, SOURCE } from '../raw-invocation.ts';

const invocationKeyOf = (commandId: string) => ({ ...SOURCE, commandId, instanceId: 'i-1' });

function archiveOf(...raws: Members[]) {
  const { sqlite } = tempArchive();
  const record = createSingleReplyRecorder(sqlite);
  record(page(raws.map((raw) => rawInvocation({ InstanceId: 'i-1', ...raw }))));
  return { sqlite, record };
}

describe('two invocations side by side', () => {
  it('differ by members and by lines of their outputs', () => {
    const lines = [...Array(20).keys()].map((n) => `line ${n}\n`);
    const changed = lines.with(10, 'another\n');
    const { sqlite } = archiveOf(
      { CommandId: 'a', CommandPlugins: [rawPlugin({ Output: lines.join('') })] },
      {
        CommandId: 'b',
        Status: 'Failed',
        CommandPlugins: [
          rawPlugin({ Output: changed.join(''), ResponseCode: 1 }),
          rawPlugin({ Name: 'more', Output: undefined }),
        ],
      },
    );
    const answer = readComparison(sqlite, { left: invocationKeyOf('a'), right: invocationKeyOf('b') });
    if ('missing' in answer) throw new Error('One is missing.');
    expect(answer.fields).toEqual(
      expect.arrayContaining([
        { path: 'commandId', left: 'a', right: 'b' },
        { path: 'status', left: 'Success', right: 'Failed' },
        { path: 'plugins[0].responseCode', left: 0, right: 1 },
        { path: 'plugins[1].name', left: null, right: 'more' },
      ]),
    );
    expect(answer.fields.map(({ path }) => path)).not.toContain('changedAt');
    expect(answer.outputs).toEqual([
      {
        ...{ position: 0, name: 'runShellScript', isSame: false, isCut: false },
        hunks: [
          {
            ...{ leftStart: 8, leftLines: 7, rightStart: 8, rightLines: 7 },
            lines: [' line 7', ' line 8', ' line 9', '-line 10', '+another', ' line 11', ' line 12', ' line 13'],
          },
        ],
      },
      { position: 1, name: 'more', isSame: true, isCut: false, hunks: [] },
    ]);
  });

  it('are not compared to the end if their outputs are long and have nothing in common', () => {
    const text = (word: string) => [...Array(1200).keys()].map((n) => `${word}${n}`).join('\n');
    const { sqlite } = archiveOf(
      { CommandId: 'a', CommandPlugins: [rawPlugin({ Output: text('a') })] },
      { CommandId: 'b', CommandPlugins: [rawPlugin({ Output: text('b') })] },
    );
    expect(readComparison(sqlite, { left: invocationKeyOf('a'), right: invocationKeyOf('b') })).toMatchObject({
      outputs: [{ isSame: false, isCut: true, hunks: [] }],
    });
  });

  it('show an empty output as different from a missing one', () => {
    const { sqlite } = archiveOf(
      { CommandId: 'a', CommandPlugins: [rawPlugin({ Output: '' })] },
      { CommandId: 'b', CommandPlugins: [rawPlugin({ Output: undefined })] },
    );
    expect(readComparison(sqlite, { left: invocationKeyOf('a'), right: invocationKeyOf('b') })).toMatchObject({
      outputs: [{ isSame: false, hunks: [] }],
    });
  });

  it('may be a run and the run before it, of the same document on the same node', () => {
    const { sqlite } = archiveOf(
      { CommandId: 'a', RequestedDateTime: 1772357400 },
      { CommandId: 'b', RequestedDateTime: 1772357500 },
      { CommandId: 'x', RequestedDateTime: 1772357600, DocumentName: 'other' },
      { CommandId: 'c', RequestedDateTime: 1772357700 },
    );
    expect(readComparison(sqlite, { left: invocationKeyOf('c'), right: 'previous' })).toMatchObject({
      right: invocationKeyOf('b'),
    });
    expect(readComparison(sqlite, { left: invocationKeyOf('a'), right: 'previous' })).toEqual({ missing: 'right' });
    expect(readComparison(sqlite, { left: invocationKeyOf('z'), right: 'previous' })).toEqual({ missing: 'left' });
  });
});

describe('the states in which an invocation was seen', () => {
  it('come in order, each with its changes; read page by page, they are the same as read all at once', () => {
    const { sqlite, record } = archiveOf({
      CommandId: 'a',
      Status: 'Pending',
      StatusDetails: 'Pending',
      CommandPlugins: [],
    });
    const later = (hour: number, raw: Members) =>
      record(
        page([rawInvocation({ InstanceId: 'i-1', CommandId: 'a', ...raw })], {
          observedAt: `2026-03-01T${hour}:00:00.000Z`,
        }),
      );
    later(11, { Status: 'InProgress', StatusDetails: 'InProgress', CommandPlugins: [rawPlugin({ Output: 'so far' })] });
    later(12, { CommandPlugins: [rawPlugin({ Output: 'all' })] });
    const key = invocationKeyOf('a');
    const whole = listRevisions(sqlite, { key, limit: 10 });
    expect(whole?.next).toBeUndefined();
    expect(
      whole?.items.map(({ state, changes }) => [state.status, state.plugins?.[0]?.output, changes === null]),
    ).toEqual([
      ['Pending', undefined, true],
      ['InProgress', 'so far', false],
      ['Success', 'all', false],
    ]);
    expect(whole?.items[2]?.changes?.map(({ path }) => path)).toEqual([
      'status',
      'statusDetails',
      'plugins[0].outputSha256',
      'plugins[0].outputSizeBytes',
    ]);
    const first = listRevisions(sqlite, { key, limit: 1 });
    const rest = listRevisions(sqlite, { key, limit: 2, after: first?.next });
    expect([...(first?.items ?? []), ...(rest?.items ?? [])]).toEqual(whole?.items);
    expect(listRevisions(sqlite, { key: invocationKeyOf('z'), limit: 1 })).toBeUndefined();
  });
});
