import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCommandId, encodeCommandId } from '../../src/simulator/fleet/command-id.ts';
import { cutOutput } from '../../src/simulator/outputs/cut-output.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { ACCOUNT, NOW, ONE, REGION } from './clients.ts';

test('a command’s id looks like a UUID, and the command’s position can be computed from it', () => {
  const place = fc.record({ site: fc.nat(255), day: fc.nat(65_535), index: fc.nat(0xff_ffff) });
  fc.assert(
    fc.property(fc.nat(), place, (seed, at) => {
      const id = encodeCommandId(seed, at);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(decodeCommandId(seed, id)).toEqual(at);
    }),
  );
  expect(decodeCommandId(1, '11111111-2222-4333-8444-555555555555')).toBeUndefined();
});

test('an output is cut to 2,500 bytes of whole characters, with the marker of the stream that was cut', () => {
  // The character that replaces half a character must not occur in the original.
  const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((part) => part.replaceAll('\ufffd', '').repeat(150));
  fc.assert(
    fc.property(text, text, (stdout, stderr) => {
      const shown = cutOutput({ stdout, stderr });
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(2500);
      expect(shown.isWellFormed() && !shown.includes('\ufffd')).toBe(true);
    }),
    { numRuns: 200 },
  );
  const both = cutOutput({ stdout: 'o'.repeat(5000), stderr: 'e'.repeat(5000) });
  expect(both).toContain('\n---Output truncated---\n----------ERROR-------\n');
  expect(both.endsWith('\n---Error truncated----')).toBe(true);
  expect(cutOutput({ stdout: 'a', stderr: 'b' })).toBe('a\n----------ERROR-------\nb');
});

test('a fleet has all kinds of nodes, statuses, steps and outputs, and about half of its outputs are repeats', async () => {
  const simulator = await startSimulator({
    seed: 5,
    accounts: ONE,
    invocations: 8000,
    longShare: 0.1,
    now: NOW,
    clockRate: 0,
  });
  const items = [...simulator.truth(ACCOUNT, REGION)];
  await simulator.close();
  expect(items.length).toBeGreaterThan(7000);
  expect(items.length).toBeLessThan(9000);
  const kinds = new Set(items.map(({ InstanceId }) => `${InstanceId.split('-')[0]}${InstanceId.length}`));
  expect([...kinds].sort()).toEqual(['i10', 'i19', 'mi20']);
  const details = new Set(items.map(({ StatusDetails }) => StatusDetails));
  for (const known of ['Success', 'Failed', 'DeliveryTimedOut', 'ExecutionTimedOut', 'Cancelled', 'Undeliverable']) {
    expect(details).toContain(known);
  }
  for (const known of ['Terminated', 'InvalidPlatform', 'AccessDenied', 'InProgress']) expect(details).toContain(known);
  const outputs = items
    .flatMap(({ CommandPlugins = [] }) => CommandPlugins)
    .filter(
      ({ ResponseFinishDateTime = 0, Output = '' }) => ResponseFinishDateTime > 0 && !Output.includes('skipped due'),
    )
    .map(({ Output = '' }) => Output);
  const repeats = 1 - new Set(outputs).size / outputs.length;
  expect(repeats).toBeGreaterThan(0.4);
  expect(repeats).toBeLessThan(0.7);
  expect(Math.max(...outputs.map((output) => Buffer.byteLength(output)))).toBeLessThanOrEqual(2500);
  for (const odd of ['\u0000', '\u001b[', '\r\n', '🚀', '\u202e', '<script>', '=cmd']) {
    expect(outputs.some((output) => output.includes(odd))).toBe(true);
  }
});

test('a fleet of a million invocations is available immediately', async () => {
  const start = performance.now();
  const simulator = await startSimulator({ seed: 5, invocations: 1_000_000, now: NOW, clockRate: 0 });
  const [first] = simulator.truth(ACCOUNT, REGION);
  expect(first?.CommandId).toHaveLength(36);
  expect(performance.now() - start).toBeLessThan(2000);
  await simulator.close();
});
