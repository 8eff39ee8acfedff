import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { until } from '../../until.ts';
import { bareEnvironment, CLI, runCli } from '../run-cli.ts';

test('`serve` and `ingest` that start at once make one archive, and both use it', async () => {
  const folder = tempFolder();
  const simulator = await startSimulator({
    accounts: [{ accountId: '111122223333', regions: ['eu-west-1'] }],
    invocations: 20,
  });
  onTestFinished(() => simulator.close());
  const env = {
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: '111122223333', AWS_SECRET_ACCESS_KEY: 'any' },
    ...{ AWS_ENDPOINT_URL: simulator.url, SSM_ARCHIVE_PORT: '0' },
  };
  const server = spawn(process.execPath, [CLI, 'serve'], {
    ...{ cwd: folder, env: { ...bareEnvironment(folder), ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  let log = '';
  server.stderr?.on('data', (chunk) => {
    log += String(chunk);
  });
  const ingested = await runCli(folder, ['ingest', '--wait'], env);
  expect([ingested.exitCode, ingested.stdout]).toEqual([0, expect.stringMatching(/Pass \d is complete/)]);
  await until(() => log.includes('"Serving."'));
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(readdirSync(join(folder, 'data')).filter((name) => /\.tmp$|aside/.test(name))).toEqual([]);
  const { stdout } = await runCli(folder, ['sql', '--format', 'json', 'SELECT count(*) AS passes FROM runs'], env);
  // There are not always two passes: the server begins no pass while the pass of `ingest` runs.
  expect(JSON.parse(stdout)[0].passes).toBeGreaterThanOrEqual(1);
});
