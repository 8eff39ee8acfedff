import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFullOutputs } from '../../../../src/cli/commands/doctor/check-full-outputs.ts';
import { bringIntoLedger } from '../../../../src/ledger/bring-in.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { START, startTrial } from '../../../ingest/archive-trial.ts';

const FULL_OUTPUTS = { from: ['s3'], buckets: ['acme*'], logGroups: [], callsAPass: 5, maxBytes: 1000 } as const;

async function collected(faults = {}) {
  const trial = await startTrial({
    ...{ invocations: 60, longOutputShare: 0.5, bucketShare: 0.7, logGroupShare: 0.5, faults },
  });
  bringIntoLedger(trial.db.sqlite);
  await trial.pass();
  const one = (sql: string) => Number(trial.db.sqlite.prepare(sql).pluck().get());
  return { ...trial, one, check: (config = {}) => checkFullOutputs({ ...trial.config, ...config }, START.getTime()) };
}

describe('doctor, of full outputs', () => {
  it('says how many outputs are cut and what fetching them would need, where they are not configured', async () => {
    const { check, one } = await collected();
    const [found, ...more] = check();
    expect(more).toEqual([]);
    expect(found).toMatchObject({ what: 'full outputs', state: 'ok' });
    const cut = one('SELECT count(*) FROM plugin_runs WHERE is_output_truncated');
    expect(cut).toBeGreaterThan(5);
    expect(found?.detail).toContain(`The service lists ${cut} of the `);
    expect(found?.detail).toContain(`get needs ssm:GetCommandInvocation and ${cut} calls`);
    const inBucket = one(
      "SELECT count(*) FROM plugin_runs WHERE is_output_truncated AND output_s3_bucket_name = 'acme-ssm-output'",
    );
    expect(found?.detail).toContain(`acme-ssm-output: ${inBucket} steps`);
    expect(found?.detail).toMatch(/logs needs logs:GetLogEvents on their log groups \(.+: \d+ steps?/);
  });

  it('says that nothing is cut, and asks for nothing', async () => {
    const trial = await startTrial({ invocations: 0 });
    expect(checkFullOutputs(trial.config, START.getTime())).toEqual([
      {
        what: 'full outputs',
        state: 'ok',
        detail: 'not fetched. The service lists 0 of the 0 steps of the last 30 days with a part of the output.',
      },
    ]);
  });

  it('warns of what is denied, with what waits and what was given up, where they are configured', async () => {
    const trial = await collected({ deniedStores: ['acme-ssm-output', 'acme-run-command-logs'] });
    await trial.pass({ config: { fullOutputs: FULL_OUTPUTS } });
    const waiting = trial.one('SELECT count(*) FROM output_queue');
    const [found] = trial.check({ fullOutputs: FULL_OUTPUTS });
    expect(found?.state).toBe('warning');
    expect(found?.detail).toMatch(
      new RegExp(`^${waiting} wait to be fetched, [1-9]\\d* of them denied; 0 were given up`),
    );
  });

  it('says nothing of an archive that is not there', async () => {
    const trial = await startTrial({ invocations: 0 });
    expect(checkFullOutputs({ ...trial.config, db: join(tempFolder(), 'none.db') }, START.getTime())).toEqual([]);
  });
});
