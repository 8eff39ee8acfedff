import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openArchive } from '../../src/db/open.ts';
import { unpacked } from '../archive/evidence/pack-trial.ts';
import { start, startSetting } from './run-cli.ts';

const YAML = `fullOutputs:
  from: [get, s3, logs]
  buckets: [acme-ssm-output, acme-run-command-logs]
  logGroups: [/aws/ssm/fleet]
  callsAPass: 10000
`;

/** The lines of an NDJSON file of a pack. */
function linesOf(folder: string, name: string): Record<string, unknown>[] {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

test('a reader with only the pack learns what was run and all that it printed, and can verify both', async () => {
  const setting = await startSetting({
    ...{ invocations: 60, bucketShare: 0.7, logGroupShare: 0.6, longOutputShare: 0.3, longShare: 0, rollingShare: 0 },
  });
  const { env, folder, archive } = setting;
  env.SSM_ARCHIVE_CONFIG = join(folder, 'archive.yaml');
  writeFileSync(env.SSM_ARCHIVE_CONFIG, YAML);
  const run = async (...args: string[]) => {
    const { code, out, err } = await start(setting, args).ended;
    return { code, out, err };
  };
  const collected = await run('ingest', '--json');
  expect(collected.code, collected.err).toBe(0);
  const pack = join(folder, 'pack.zip');
  const now = Date.now();
  const span = ['--from', new Date(now - 35 * 86_400_000).toISOString(), '--to', new Date(now + 1000).toISOString()];
  const made = await run('evidence', ...span, '--output', pack, '--json');
  expect(made.code, made.err).toBe(0);
  const { verifierKey, fullOutputs, commands } = JSON.parse(made.out);
  expect(fullOutputs).toBeGreaterThan(0);
  const db = openArchive(archive);
  const stored = db.sqlite.prepare('SELECT count(*) FROM full_outputs').pluck().get();
  db.close();
  expect(fullOutputs).toBe(stored);

  // From here on there is only the pack.
  const alone = { ...setting, env: { PATH: env.PATH ?? '', HOME: folder } };
  const verified = await start(alone, ['verify', '--key', verifierKey, '--json', pack]).ended;
  expect(JSON.parse(verified.out)).toMatchObject({ verdict: 'genuine', faults: [], fullOutputs, commands });
  const files = await unpacked(pack);
  const invocations = linesOf(files, 'invocations.ndjson');
  const keyOf = ({ commandId, instanceId }: Record<string, unknown>) => `${commandId} ${instanceId}`;
  const seen = new Set<unknown>();
  for (const line of linesOf(files, 'full-outputs.ndjson')) {
    const command = linesOf(files, 'commands.ndjson').find(({ commandId }) => commandId === line.commandId);
    expect(command).toMatchObject({ documentName: expect.any(String), parameters: expect.any(Object) });
    const invocation = invocations.find((one) => keyOf(one) === keyOf(line));
    const steps = Array.isArray(invocation?.plugins) ? invocation.plugins : [];
    const step = steps.find(({ position }) => position === line.position);
    expect(step).toMatchObject({ isOutputTruncated: true, name: line.name });
    const bytes = readFileSync(join(files, String(line.file)));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(line.sha256);
    if (line.cutBy === null) expect(bytes.length).toBe(line.totalBytes ?? bytes.length);
    // What AWS lists has the beginnings of both streams. A log stream is not byte for byte what was printed.
    const listed = readFileSync(join(files, 'outputs', `${step.outputSha256}.txt`), 'utf8');
    const [stdout = '', stderr = ''] = listed.split('\n----------ERROR-------\n');
    const beginning = (line.stream === 'stdout' ? stdout : stderr).slice(0, 500).trimEnd();
    if (line.encoding === 'utf-8' && line.provenance !== 'logs')
      expect(bytes.toString('utf8').slice(0, beginning.length)).toBe(beginning);
    seen.add(line.provenance);
  }
  expect([...seen].sort()).toEqual(['get', 'logs', 's3']);
  expect(readFileSync(join(files, 'index.html'), 'utf8')).toMatch(
    /What was run[\s\S]*What it printed[\s\S]*fetched from /,
  );
});
