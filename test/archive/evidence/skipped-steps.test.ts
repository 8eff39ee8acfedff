import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { page, rawInvocation, rawPlugin } from '../raw-invocation.ts';
import { packed, resealed, unpacked } from './pack-trial.ts';

const SKIPPED = 'Step execution skipped due to unsupported plugin: aws:psModule. Step name: install';
const withSkipped = (sqlite: Database) => {
  const steps = [rawPlugin({ Output: SKIPPED }), rawPlugin({ Output: `${SKIPPED}\n` })];
  createSingleReplyRecorder(sqlite)(page([rawInvocation({ InstanceId: 'i-8', CommandPlugins: steps })]));
};
const question = { filter: { instanceId: 'i-8' } };

describe('the rows of a pack', () => {
  it('say which steps were skipped, in NDJSON and in CSV, and can be verified', async () => {
    const { pack } = await packed(question, withSkipped);
    const folder = await unpacked(pack);
    const row = JSON.parse(readFileSync(join(folder, 'invocations.ndjson'), 'utf8'));
    expect(row.plugins).toMatchObject([{ status: 'Success', isSkipped: true, durationMs: null }, { isSkipped: false }]);
    expect(readFileSync(join(folder, 'invocations.csv'), 'utf8')).toContain('pluginIsSkipped');
    expect((await verifyEvidence(pack, [])).faults).toEqual([]);
    for (const more of [{ withoutOutputs: true }, { redacted: ['Output'] as const }])
      expect((await verifyEvidence((await packed({ ...question, ...more }, withSkipped)).pack, [])).faults).toEqual([]);
  });

  it.each([
    ['a step that ran', 1, '"isSkipped":false', '"isSkipped":true'],
    ['a step that was skipped', 0, '"isSkipped":true', '"isSkipped":false'],
  ])(
    'make the pack not genuine if they are wrong about %s, even if the right key signed the pack',
    async (_what, step, said, forged) => {
      const { pack, keyPath } = await packed(question, withSkipped);
      const folder = await unpacked(pack);
      const path = join(folder, 'invocations.ndjson');
      writeFileSync(path, readFileSync(path, 'utf8').replace(said, forged));
      const { verdict, faults } = await verifyEvidence(await resealed(folder, keyPath), []);
      expect(verdict).toBe('not-genuine');
      expect(faults.map(({ what }) => what).join()).toContain(`the output of step ${step} of`);
    },
  );
});
