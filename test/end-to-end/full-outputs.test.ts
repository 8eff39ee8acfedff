import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openArchive } from '../../src/db/open.ts';
import { until } from '../until.ts';
import { start, startSetting } from './run-cli.ts';

const YAML = `fullOutputs:
  from: [get, s3, logs]
  buckets: [acme-ssm-output, acme-run-command-logs]
  logGroups: [/aws/ssm/fleet]
  callsAPass: 10000
`;

test('ingest loses and doubles no full output if it is killed while it fetches, and its archive stays intact', async () => {
  const slow = { slowRate: 1, slowMs: 100 };
  const byOperation = { GetCommandInvocation: slow, GetObject: slow, GetLogEvents: slow };
  const setting = await startSetting({
    ...{ invocations: 60, bucketShare: 0.7, logGroupShare: 0.6, longOutputShare: 0.1, faults: { byOperation } },
    ...{ longShare: 0, rollingShare: 0 },
  });
  const { simulator, env, folder, archive } = setting;
  env.SSM_ARCHIVE_CONFIG = join(folder, 'archive.yaml');
  writeFileSync(env.SSM_ARCHIVE_CONFIG, YAML);
  for (const operation of ['GetCommandInvocation', 'GetLogEvents', 'GetObject']) {
    const made = () => simulator.stats.calls[operation] ?? 0;
    const before = made();
    const { child, ended } = start(setting, ['ingest', '--json']);
    await until(() => made() - before >= 2);
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
  }
  simulator.faults.byOperation = {};
  const last = await start(setting, ['ingest', '--json']).ended;
  expect(last.code, last.err).toBe(0);
  const db = openArchive(archive);
  const one = (sql: string) => db.sqlite.prepare(sql).pluck().get();
  expect(one('SELECT count(*) FROM output_queue')).toBe(0);
  expect(one("SELECT count(DISTINCT provenance) FROM full_outputs WHERE cut_by IS NULL OR cut_by = 'service'")).toBe(3);
  expect(one("SELECT count(*) FROM ledger_entries WHERE kind = 'output'")).toBe(
    one('SELECT count(*) FROM full_outputs'),
  );
  const cut = `SELECT count(*) FROM plugin_runs WHERE is_output_truncated
    AND invocation_status NOT IN ('Pending', 'InProgress', 'Delayed', 'Cancelling')`;
  const fetched = "SELECT count(DISTINCT invocation_id || ' ' || position) FROM full_outputs WHERE provenance = 'get'";
  expect(one(fetched)).toBe(one(cut));
  db.close();
  const verified = await start(setting, ['verify', '--json']).ended;
  expect(JSON.parse(verified.out).faults).toEqual([]);
});
