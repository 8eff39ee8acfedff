import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { peakRss } from '../../bench/support/peak-rss.ts';
import { openArchive } from '../../src/archive/file/open-archive.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { PROVENANCES, STREAMS } from '../../src/model/outputs/full-output.ts';
import { fetched, output } from '../archive/evidence/outputs/full-output-trial.ts';
import { page, rawInvocation } from '../archive/raw-invocation.ts';
import { start, startSetting } from './run-cli.ts';

const OUTPUT_BYTES = 30_000_000;
const NODES = 2;
const MIB = 1024 * 1024;

test('making and verifying a pack of 12 outputs of 30 MB each takes the memory of a few of them', {
  timeout: 240_000,
}, async () => {
  const setting = await startSetting();
  const { folder, archive } = setting;
  const db = openArchive(archive);
  const nodes = Array.from({ length: NODES }, (_, n) => `i-${n}`);
  createSingleReplyRecorder(db.sqlite)(page(nodes.map((InstanceId) => rawInvocation({ InstanceId }))));
  let outputs = 0;
  for (const node of nodes)
    for (const provenance of PROVENANCES)
      for (const stream of STREAMS) {
        outputs += 1;
        const bytes = Buffer.alloc(OUTPUT_BYTES, `€ line of output ${outputs}\n`);
        fetched(db.sqlite, [node, 0], provenance, output(bytes, { stream }));
      }
  db.close();
  /** Runs a command and returns its result with the most memory that it or a child of it had. */
  const measured = async (...args: string[]) => {
    const { child, ended } = start(setting, args);
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, ...peakRss(child.pid ?? 0).filter(Number.isFinite));
    }, 50);
    const result = await ended.finally(() => clearInterval(timer));
    return { ...result, peakMib: Math.round(peak / MIB) };
  };
  const pack = join(folder, 'pack.zip');
  const made = await measured('evidence', '--from', '2026-03-01', '--to', '2026-03-02', '--output', pack, '--json');
  expect(made.code, made.err).toBe(0);
  expect(JSON.parse(made.out)).toMatchObject({ fullOutputs: outputs });
  const verified = await measured('verify', '--json', pack);
  expect(JSON.parse(verified.out)).toMatchObject({ verdict: 'consistent', faults: [], fullOutputs: outputs });
  expect(readdirSync(folder).filter((name) => name.startsWith('.evidence'))).toEqual([]);
  for (const { peakMib } of [made, verified]) {
    expect(peakMib).toBeGreaterThan(50);
    expect(peakMib).toBeLessThan(400);
  }
});
