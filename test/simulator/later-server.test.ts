import { createAdaptorServer } from '@hono/node-server';
import { expect, test } from 'vitest';
import { NOW, ONE, post } from './clients.ts';

test('a simulator that is loaded after another server of the process still sends dripping replies to the end', async () => {
  // The first server of a process replaces the global Response.
  createAdaptorServer({ fetch: () => new Response('') });
  const { startSimulator } = await import('../../src/simulator/start-simulator.ts');
  const simulator = await startSimulator({ seed: 3, accounts: ONE, invocations: 300, now: NOW, clockRate: 0 });
  try {
    const ask = () => post(simulator, { MaxResults: 1 }, { target: 'AmazonSSM.ListCommands' });
    const { text } = await ask();
    Object.assign(simulator.faults, { drippingOperations: ['ListCommands'], dripMs: 1 });
    expect((await ask()).text).toHaveLength(text.length);
  } finally {
    await simulator.close();
  }
});
