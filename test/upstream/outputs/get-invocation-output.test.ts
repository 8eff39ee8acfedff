import { describe, expect, it } from 'vitest';
import { READING, rawService } from './raw-service.ts';

const STEP = { commandId: 'c-1', instanceId: 'i-1', pluginName: 'check' };
const REPLY = {
  ...{ CommandId: 'c-1', InstanceId: 'i-1', PluginName: 'check', Status: 'Success' },
  ...{ StandardOutputContent: 'out', StandardErrorContent: '' },
};

async function get(reply: object, maxBytes = 100_000) {
  const source = await rawService((_, response) => response.end(JSON.stringify({ ...REPLY, ...reply })));
  return source.getInvocationOutput(STEP, { ...READING, maxBytes });
}

describe('the reply to GetCommandInvocation', () => {
  it('has both streams, whole if they are shorter than what the service shows, whatever the script printed', async () => {
    const printed = `${'x'.repeat(9000)}--output truncated--`;
    expect(await get({ StandardOutputContent: printed })).toMatchObject([
      { stream: 'stdout', cutBy: null, totalBytes: printed.length },
      { stream: 'stderr', cutBy: null, totalBytes: 0 },
    ]);
  });

  it.each([
    ['ends with the mark', `${'x'.repeat(23_980)}--output truncated--`],
    ['has as many characters as the service shows, also without the mark', 'x'.repeat(24_000)],
    ['has so many characters of several bytes', 'ü'.repeat(24_000)],
  ])('is cut if it %s', async (_, content) => {
    expect((await get({ StandardOutputContent: content }))[0]).toMatchObject({ cutBy: 'service', totalBytes: null });
  });

  it('may name the plugin of the step in place of the step', async () => {
    expect(await get({ PluginName: 'aws:runShellScript' })).toHaveLength(2);
    expect(await get({ PluginName: undefined })).toHaveLength(2);
  });

  it.each([
    ['is about another command', { CommandId: 'c-2' }],
    ['is about another node', { InstanceId: 'i-2' }],
    ['is about another step', { PluginName: 'repair' }],
    ['is of a step that has not ended', { Status: 'InProgress', StandardOutputContent: 'o' }],
    ['shows nothing of a step that printed much', { StandardOutputContent: '' }],
    ['has a number in place of a text', { StandardOutputContent: 5 }],
    ['has no text', { StandardErrorContent: undefined }],
  ])('is not kept if it %s', async (_, reply) => {
    await expect(get(reply)).rejects.toMatchObject({ name: 'ReplyUnreadable' });
  });
});
