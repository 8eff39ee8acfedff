import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FullOutputsConfig } from '../../../src/config/config.ts';
import { checkSource } from '../../../src/ingest/check-source.ts';
import type { SimulatorOptions } from '../../../src/simulator/start-simulator.ts';
import { REGION, startTrial } from '../archive-trial.ts';

const FULL: FullOutputsConfig = {
  from: ['get', 'logs', 's3'],
  ...{ buckets: ['acme-ssm-output', 'acme-x*'], logGroups: ['/aws/ssm/fleet', '/x/*'] },
  ...{ callsAPass: 1000, maxBytes: 10_000 },
};

/** Nothing says which names a pattern stands for, so nothing can be asked. */
const NOT_ASKED = ['s3:GetObject of acme-x*', 'logs:GetLogEvents of /x/*'].map((what) =>
  expect.stringMatching(new RegExp(`^${what.replaceAll('*', '\\*')} warning: Not asked, since only commands say`)),
);

/** What doctor says of full outputs, without the name of the source. */
async function checks(options: SimulatorOptions): Promise<string[]> {
  const { config, simulator } = await startTrial(options);
  const [source] = config.sources;
  if (!source) throw new Error('The trial has no source.');
  const deps = { now: simulator.clock.now, random: () => 0, signal: new AbortController().signal, aws: config.aws };
  const all = await checkSource({ ...deps, fullOutputs: FULL }, source, REGION);
  return all
    .filter(({ what }) => /Get/.test(what))
    .map(({ what, state, detail }) => `${what.replace(/^.*?: /, '')} ${state}: ${detail}`);
}

describe('doctor', () => {
  it('says that full outputs may be fetched, asking only for what nobody has', async () => {
    expect(await checks({})).toEqual([
      'ssm:GetCommandInvocation ok: permitted',
      's3:GetObject of acme-ssm-output ok: permitted',
      'logs:GetLogEvents of /aws/ssm/fleet ok: permitted',
      ...NOT_ASKED,
    ]);
  });

  it('warns of each permission that is missing, with the policy to grant', async () => {
    const denied = await checks({
      faults: { deniedOperations: ['GetCommandInvocation', 'GetObject', 'GetLogEvents'] },
    });
    expect(denied).toEqual([
      expect.stringMatching(/^ssm:GetCommandInvocation warning: .*"Action":\["ssm:GetCommandInvocation"\]/),
      expect.stringMatching(/^s3:GetObject of acme-ssm-output warning: .*"Action":\["s3:GetObject","s3:ListBucket"\]/),
      expect.stringMatching(/^logs:GetLogEvents of \/aws\/ssm\/fleet warning: .*"Action":\["logs:GetLogEvents"\]/),
      ...NOT_ASKED,
    ]);
  });

  it('warns of a bucket and a log group that are not there', async () => {
    const gone = await checks({ faults: { deletedStores: ['acme-ssm-output', '/aws/ssm/fleet'] } });
    expect(gone.slice(1).every((line) => line.includes(' warning: '))).toBe(true);
  });
});

describe('the table of permissions in the documentation', () => {
  it('has exactly the operations that a pass calls, by feature', async () => {
    const rows = readFileSync('docs/operations.md', 'utf8').split('\n');
    const permissionsOf = (feature: string) =>
      rows
        .find((row) => row.startsWith(`| ${feature} |`) && /`\w+:\w+`/.test(row))
        ?.match(/`(?:ssm|logs|s3):\w+`/g)
        ?.map((name) => name.replaceAll('`', '').split(':')[1]);
    const trial = await startTrial({ invocations: 30, bucketShare: 0.7, logGroupShare: 0.6, longOutputShare: 0.1 });
    await trial.pass();
    const { AssumeRole, GetCallerIdentity, ...plain } = trial.simulator.stats.calls;
    expect(Object.keys(plain).sort()).toEqual(permissionsOf('collecting')?.sort());
    await trial.pass({ config: { fullOutputs: { ...FULL, buckets: ['acme-*'] } } });
    const more = Object.keys(trial.simulator.stats.calls).filter((name) => !(name in plain));
    const full = ['`get`', '`logs`', '`s3`'].flatMap((feature) => permissionsOf(feature) ?? []);
    // S3 asks for s3:ListBucket itself, where an object is missing.
    expect(full.filter((name) => name !== 'ListBucket').sort()).toEqual(
      more.filter((name) => !['AssumeRole', 'GetCallerIdentity'].includes(name)).sort(),
    );
  });
});
