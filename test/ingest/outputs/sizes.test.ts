import { describe, expect, it } from 'vitest';
import { LONG_OUTPUTS } from '../../../src/simulator/outputs/long-outputs.ts';
import { ACCOUNT, REGION } from '../archive-trial.ts';
import { bytesOf, type Fetched, faults, fetched, outputTrial, printed, queue } from './output-trial.ts';

const MARKER = '--output truncated--';
const MIB = 2 ** 20;
/** All of these steps can be asked for everywhere, and there is one of each size among them. */
const FLEET = {
  ...{ seed: 7, invocations: 90, longOutputShare: 1, bucketShare: 1, logGroupShare: 1, longShare: 0, rollingShare: 0 },
};

/** A trial that has fetched, with its steps by the sizes of what they have printed. */
async function fetchedSizes(from: 'get' | 'logs' | 's3', maxBytes: number) {
  const trial = await outputTrial(FLEET, { from: [from], maxBytes });
  // On a busy machine a call for megabytes may be late; then the next pass goes on.
  for (let pass = 0; pass < 5 && (pass === 0 || queue(trial).length > 0); pass++)
    expect((await trial.fetchPass()).outcome).toBe('complete');
  expect(faults(trial)).toEqual([]);
  expect(queue(trial)).toEqual([]);
  const rows = new Map<string, Fetched[]>();
  for (const row of fetched(trial)) {
    const key = `${row.commandId} ${row.instanceId} ${row.name}`;
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  const bySize = new Map<string, Fetched[][]>();
  for (const { CommandId: commandId, InstanceId: instanceId, CommandPlugins = [] } of trial.simulator.truth(
    ACCOUNT,
    REGION,
  ))
    for (const { Name: pluginName = '' } of CommandPlugins) {
      const output = trial.simulator.output(ACCOUNT, REGION, { commandId, instanceId, pluginName });
      if (!output) continue;
      const size = `${output.stdoutBytes}, ${output.stderrBytes}`;
      bySize.set(size, [...(bySize.get(size) ?? []), rows.get(`${commandId} ${instanceId} ${pluginName}`) ?? []]);
    }
  return { ...trial, bySize };
}

/** What the listing shows whole needs no call. Of exactly 2,500 bytes nobody can tell whether there were more. */
const isShownWhole = (stdout: number, stderr: number) => stdout + stderr < 2500;

describe('an output of this many bytes of standard output and of standard error', () => {
  it('is kept from a bucket byte by byte, whole if the limit allows it, and is not asked for if the listing has all of it', async () => {
    const trial = await fetchedSizes('s3', 64 * MIB);
    for (const { stdout, stderr } of LONG_OUTPUTS) {
      const size = `${stdout[1]}, ${stderr[1]}`;
      const steps = trial.bySize.get(size) ?? [];
      expect(steps.length, size).toBeGreaterThan(0);
      for (const rows of steps) {
        const streams = [stdout, stderr].filter(([, bytes]) => bytes > 0);
        expect(rows, size).toHaveLength(isShownWhole(stdout[1], stderr[1]) ? 0 : streams.length);
        for (const row of rows) {
          const whole = printed(trial, row);
          const [kind, bytes] = row.stream === 'stdout' ? stdout : stderr;
          expect(bytesOf(row)?.equals(whole), size).toBe(true);
          expect(row).toMatchObject({ cutBy: null, sizeBytes: bytes, totalBytes: bytes });
          expect(row.encoding, size).toBe(kind === 'utf16' ? 'utf-16le' : 'utf-8');
          if (kind === 'nul') expect(row.text).toContain('\0');
        }
      }
    }
    // Making, storing and verifying 30 megabytes takes its time on a busy machine.
  }, 180_000);

  it('is kept from a bucket up to the limit, also of 30 megabytes, with how long it is, and ends with a whole character', async () => {
    const maxBytes = 50_001;
    const trial = await fetchedSizes('s3', maxBytes);
    for (const { stdout, stderr } of LONG_OUTPUTS) {
      const [kind, totalBytes] = stdout;
      const [[row] = []] = trial.bySize.get(`${totalBytes}, ${stderr[1]}`) ?? [];
      if (totalBytes <= maxBytes || !row) continue;
      expect(row).toMatchObject({ cutBy: 'limit', totalBytes, stream: 'stdout' });
      expect(row.sizeBytes).toBeGreaterThan(maxBytes - 4);
      expect(row.sizeBytes).toBeLessThanOrEqual(maxBytes);
      expect(row.encoding).toBe(kind === 'utf16' ? 'utf-16le' : 'utf-8');
      expect(bytesOf(row)).toEqual(printed(trial, row).subarray(0, row.sizeBytes));
      expect(row.text).not.toMatch(/\ufffd/);
    }
  });

  it('is kept from GetCommandInvocation as the service shows it: whole below its limit, else with its mark', async () => {
    const trial = await fetchedSizes('get', MIB);
    for (const { stdout, stderr } of LONG_OUTPUTS) {
      const size = `${stdout[1]}, ${stderr[1]}`;
      for (const rows of trial.bySize.get(size) ?? []) {
        expect(rows, size).toHaveLength(isShownWhole(stdout[1], stderr[1]) ? 0 : 2);
        for (const row of rows) {
          const whole = printed(trial, row);
          const limit = row.stream === 'stdout' ? 24_000 : 8000;
          const isCut = whole.length >= limit;
          const head = whole.subarray(0, isCut ? limit - MARKER.length : undefined);
          expect(row.text, size).toBe(head.toString() + (isCut ? MARKER : ''));
          expect(row.cutBy, size).toBe(isCut ? 'service' : null);
          expect(row.totalBytes, size).toBe(isCut ? null : Buffer.byteLength(row.text));
        }
      }
    }
  });

  it('is put together from its events where it is in a log group, and cut at the limit', async () => {
    const trial = await fetchedSizes('logs', MIB);
    const plain = (text: string) => text.replaceAll('\r\n', '\n').replace(/\n$/, '');
    for (const { stdout, stderr } of LONG_OUTPUTS) {
      const size = `${stdout[1]}, ${stderr[1]}`;
      if (stdout[0] === 'utf16' || isShownWhole(stdout[1], stderr[1])) continue;
      for (const rows of trial.bySize.get(size) ?? [])
        for (const row of rows) {
          const whole = plain(printed(trial, row).toString());
          expect(whole.startsWith(plain(row.text)), size).toBe(true);
          expect(row.cutBy, size).toBe(Buffer.byteLength(whole) > MIB ? 'limit' : null);
          if (row.cutBy === null) expect(plain(row.text)).toBe(whole);
        }
    }
  });
});
