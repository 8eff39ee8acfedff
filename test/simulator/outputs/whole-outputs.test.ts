import { createHash } from 'node:crypto';
import { GetCommandInvocationCommand } from '@aws-sdk/client-ssm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutContent } from '../../../src/model/step-content.ts';
import { cutOutput } from '../../../src/simulator/outputs/cut-output.ts';
import { LONG_OUTPUTS } from '../../../src/simulator/outputs/long-outputs.ts';
import { writeFiller } from '../../../src/simulator/outputs/write-filler.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/start-simulator.ts';
import { ACCOUNT, NOW, ONE, REGION, ssmClient } from '../clients.ts';
import { type StoredStep, startFleet, stepWith, storedSteps } from '../stored-steps.ts';

const MARKER = '--output truncated--';
let simulator: Simulator;
beforeAll(async () => {
  simulator = await startFleet();
});
afterAll(() => simulator.close());

const ask = ({ item: { CommandId, InstanceId }, plugin }: StoredStep) =>
  ssmClient(simulator).send(new GetCommandInvocationCommand({ CommandId, InstanceId, PluginName: plugin.Name }));

test('GetCommandInvocation has a stream whole if it is shorter than the limit, and cuts one of exactly the limit', async () => {
  for (const [bytes, isCut] of [
    [0, false],
    [2500, false],
    [23_999, false],
    [24_000, true],
    [24_001, true],
  ] as const) {
    const step = stepWith(simulator, ({ output }) => output.stdoutBytes === bytes);
    const { StandardOutputContent = '' } = await ask(step);
    const whole = step.output.stdout.toString();
    if (!isCut) expect(StandardOutputContent).toBe(whole);
    else expect(StandardOutputContent).toBe(step.output.stdout.subarray(0, 24_000 - 20).toString() + MARKER);
  }
  for (const [bytes, isCut] of [
    [7999, false],
    [8000, true],
    [8001, true],
  ] as const) {
    const step = stepWith(simulator, ({ output }) => output.stderrBytes === bytes);
    const { StandardErrorContent = '' } = await ask(step);
    expect(StandardErrorContent.endsWith(MARKER)).toBe(isCut);
    expect(Buffer.byteLength(StandardErrorContent)).toBe(isCut ? 8000 : bytes);
  }
});

test('both streams of a step come apart, and ListCommandInvocations shows the agent’s cut of the same texts', async () => {
  let seen = 0;
  for (const step of storedSteps(simulator)) {
    if (step.output.stdoutBytes > 1_000_000) continue;
    const { stdout, stderr } = step.output;
    if (++seen > 300) break;
    expect(step.plugin.Output).toBe(cutOutput({ stdout: stdout.toString(), stderr: stderr.toString() }));
  }
  const both = stepWith(simulator, ({ output }) => output.stdoutBytes > 30_000 && output.stderrBytes > 9000);
  const { StandardOutputContent = '', StandardErrorContent = '', StandardOutputUrl } = await ask(both);
  expect(StandardOutputContent.slice(0, 1000)).toBe(both.output.stdout.toString().slice(0, 1000));
  expect(StandardErrorContent.slice(0, 1000)).toBe(both.output.stderr.toString().slice(0, 1000));
  expect(StandardOutputUrl).toBe(both.plugin.StandardOutputUrl);
});

test('UTF-16, NULs and escapes come as the bytes of UTF-8 that they are, and what is none as U+FFFD', async () => {
  const utf16 = stepWith(simulator, ({ output }) => output.stdoutBytes === 60_000);
  const { StandardOutputContent = '' } = await ask(utf16);
  expect(StandardOutputContent.startsWith('\ufffd\ufffd0\u00000\u0000')).toBe(true);
  const nul = stepWith(simulator, ({ output }) => output.stdoutBytes === 100_000);
  expect((await ask(nul)).StandardOutputContent).toContain('00000001\u0000');
});

test('a step that has not started, or has not ended, has neither outputs nor an end', async () => {
  const early = await startFleet({ longShare: 1, longOutputShare: 1 });
  const running = [...early.truth(ACCOUNT, REGION)].find(({ Status }) => Status === 'InProgress');
  const { CommandId, InstanceId, CommandPlugins = [] } = running ?? {};
  const result = async (state: string) => {
    const PluginName = CommandPlugins.find(({ Status }) => Status === state)?.Name;
    return ssmClient(early).send(new GetCommandInvocationCommand({ CommandId, InstanceId, PluginName }));
  };
  const now = await result('InProgress');
  expect(now).toMatchObject({ ResponseCode: -1, StandardOutputContent: '', ExecutionEndDateTime: '' });
  expect(now.ExecutionStartDateTime).toMatch(/^\d{4}-\d\d-\d\dT/);
  const unsent = [...early.truth(ACCOUNT, REGION)].find(({ StatusDetails }) => StatusDetails === 'Undeliverable');
  const never = await ssmClient(early).send(
    new GetCommandInvocationCommand({
      ...{ CommandId: unsent?.CommandId, InstanceId: unsent?.InstanceId },
      PluginName: unsent?.CommandPlugins?.[0]?.Name,
    }),
  );
  expect(never).toMatchObject({ ExecutionStartDateTime: '', ExecutionElapsedTime: '', ExecutionEndDateTime: '' });
  await early.close();
});

test('whole outputs change nothing that ListCommandInvocations says of a fleet that does not ask for long ones', async () => {
  const plain = await startSimulator({ seed: 5, accounts: ONE, invocations: 2000, now: NOW, clockRate: 0 });
  const hash = createHash('sha256');
  for (const item of plain.truth(ACCOUNT, REGION)) hash.update(JSON.stringify(item));
  // This was the digest before steps had whole outputs. Benchmarks and other tests compare figures of such fleets.
  expect(hash.digest('hex')).toBe('adbaf24894c81f4419185d2ea8f4e813a3830b7aa01f8de1ac3f303f114a978b');
  const longer = [...storedSteps(plain)].filter(({ output }) => output.stdoutBytes > 24_000);
  expect(longer.length).toBeGreaterThan(10);
  await plain.close();
});

test('what is cut is at most the limit in bytes, and a beginning of the whole but for the character at the cut', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((part) => part.replaceAll('\ufffd', '').repeat(40));
  fc.assert(
    fc.property(text, (stdout) => {
      const bytes = Buffer.from(stdout);
      const shown = cutContent(bytes, 500);
      const head = shown.endsWith(MARKER) ? shown.slice(0, -MARKER.length).replace(/\ufffd+$/, '') : stdout;
      expect(shown.endsWith(MARKER)).toBe(bytes.length >= 500);
      expect(stdout.startsWith(head)).toBe(true);
      expect(Buffer.byteLength(head)).toBeLessThan(500);
    }),
  );
});

test('a filler has exactly its bytes, and no line of it comes twice', () => {
  for (const { stdout, stderr } of LONG_OUTPUTS) {
    for (const [kind, bytes] of [stdout, stderr]) {
      if (bytes > 2_000_000) continue;
      const whole = writeFiller({ kind, bytes, key: 9 });
      expect(whole).toHaveLength(bytes);
      expect(writeFiller({ kind, bytes, key: 9 }, 100).subarray(0, 80)).toEqual(whole.subarray(0, 80));
      const lines = whole.toString(kind === 'utf16' ? 'utf16le' : 'utf8').split(/\n|;/);
      expect(new Set(lines).size).toBe(lines.length);
    }
  }
});
