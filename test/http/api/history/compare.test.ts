import { describe, expect, it } from 'vitest';
import { rawPlugin, SOURCE } from '../../../archive/raw-invocation.ts';
import { apiTrial, faultsOf } from '../api-trial.ts';

const api = apiTrial();
const run = (CommandId: string, day: number, Output: string | undefined, more = {}) => ({
  ...{
    CommandId,
    RequestedDateTime: 1772357400 + day * 86_400,
    CommandPlugins: [rawPlugin({ Output })],
    InstanceId: 'i-1',
    ...more,
  },
});
const long = (word: string) => Array.from({ length: 1500 }, (_, n) => `${word} ${n}`).join('\n');
await api.record([
  run('a', 0, 'one\ntwo\nthree\n'),
  run('b', 1, 'other', { DocumentName: 'Patch' }),
  run('c', 2, 'one\n2\nthree\n', { Status: 'Failed' }),
  run('d', 3, long('left'), { InstanceId: 'i-2' }),
  run('e', 4, long('right'), { InstanceId: 'i-2' }),
]);
const key = (command: string, node = 'i-1') => `${SOURCE.accountId}/${SOURCE.region}/${command}/${node}`;
const compare = (left: string, right: string) => `/v1/compare?left=${encodeURIComponent(left)}&right=${right}`;

describe('GET /v1/compare', () => {
  it('returns the members that differ, and the outputs line by line', async () => {
    const found = await api.json(compare(key('a'), key('c')));
    expect(found.fields).toEqual(
      expect.arrayContaining([
        { path: 'status', left: 'Success', right: 'Failed' },
        { path: 'commandId', left: 'a', right: 'c' },
      ]),
    );
    expect(found.outputs).toEqual([
      {
        ...{ position: 0, name: 'runShellScript', isSame: false, isCut: false },
        hunks: [{ leftStart: 1, leftLines: 3, rightStart: 1, rightLines: 3, lines: [' one', '-two', '+2', ' three'] }],
      },
    ]);
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/compare', rows: 1 });
  });

  it('accepts "previous" for the previous run of the same document on the same node', async () => {
    expect(await api.json(compare(key('c'), 'previous'))).toMatchObject({
      right: { commandId: 'a', instanceId: 'i-1' },
    });
    expect((await api.problem(compare(key('a'), 'previous'), 404)).detail).toBe(
      'The archive has no earlier run of that document on that node.',
    );
  });

  it('finds no difference between an invocation and itself', async () => {
    expect(await api.json(compare(key('a'), key('a')))).toMatchObject({
      fields: [],
      outputs: [{ isSame: true, hunks: [] }],
    });
  });

  it('does not compare outputs line by line if they have nothing in common', async () => {
    expect(await api.json(compare(key('d', 'i-2'), key('e', 'i-2')))).toMatchObject({
      outputs: [{ isSame: false, isCut: true }],
    });
  });

  it('says which of the two invocations does not exist, and what form a key must have', async () => {
    expect((await api.problem(compare(key('x'), key('a')), 404)).detail).toContain('given as left');
    expect((await api.problem(compare(key('a'), key('x')), 404)).detail).toContain('given as right');
    expect(faultsOf(await api.problem('/v1/compare?left=a/b&right=1//2/3', 400))).toEqual({
      left: expect.stringContaining('must be accountId/region/commandId/instanceId'),
      right: expect.stringContaining('or previous'),
    });
    expect(Object.keys(faultsOf(await api.problem('/v1/compare?x=1', 400))).sort()).toEqual(['left', 'right', 'x']);
  });
});
