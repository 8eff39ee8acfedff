import { expect, it } from 'vitest';
import { indexOutputs } from '../../../../src/archive/record/index-outputs.ts';
import { createSingleReplyRecorder } from '../../../../src/archive/record/record-replies.ts';
import { page, rawInvocation, rawPlugin } from '../../../archive/raw-invocation.ts';
import { apiTrial } from '../api-trial.ts';

const HEADER = 'x-ssm-archive-unsearchable-outputs';
const api = apiTrial();

it('only the answer to a search (q) says how many outputs could not be searched', async () => {
  await api.record([{ InstanceId: 'i-1', CommandPlugins: [rawPlugin({ Output: 'an old word' })] }]);
  const raws = ['a new word', 'another'].map((Output, n) =>
    rawInvocation({ InstanceId: `i-new-${n}`, CommandPlugins: [rawPlugin({ Output })] }),
  );
  createSingleReplyRecorder(api.db.sqlite)(page(raws));
  for (const path of ['/v1/invocations?q=word', '/v1/invocations?q=word&format=csv', '/v1/stats?groupBy=status&q=word'])
    expect((await api.ask(path)).headers.get(HEADER), path).toBe('2');
  expect((await api.list('/v1/invocations?q=word')).items).toHaveLength(1);
  await indexOutputs(api.db.sqlite);
  const whole = await api.ask('/v1/invocations?q=word');
  expect(whole.headers.get(HEADER)).toBe('0');
  expect(await whole.json()).toMatchObject({ items: [{ instanceId: 'i-new-0' }, { instanceId: 'i-1' }] });
  for (const path of ['/v1/invocations', '/v1/invocations?q=('])
    expect((await api.ask(path)).headers.has(HEADER), path).toBe(false);
});
