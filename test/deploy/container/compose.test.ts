import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read-config.ts';
import { PASS_GRACE_MS } from '../../../src/ingest/collector/create-collector.ts';
import { ANSWER_GRACE_MS } from '../../../src/service/service.ts';
import { parseDockerfile } from './dockerfile/parse-dockerfile.ts';
import { plainImage, withInstruction } from './image.ts';
import { readCompose } from './read-compose.ts';

const FILE = 'deploy/container/compose.yaml';
const compose = readCompose(FILE);
const service = compose.services['ssm-archive'];
const { context, dockerfile } = service.build;
const stages = parseDockerfile(readFileSync(join(FILE, '..', context, dockerfile), 'utf8'));
const image = (stages.at(-1)?.instructions ?? []).reduce(withInstruction, plainImage([]));
const [port = 0] = image.ports;
const [volume = ''] = image.volumes;

it('runs the image as its own user, with its volume and its check', () => {
  expect(service.user).toBe(image.user);
  expect(service.volumes).toEqual([`archive:${volume}`]);
  expect(Object.keys(compose.volumes)).toEqual(['archive']);
  const { test, interval, timeout, start_period: startPeriod, retries } = service.healthcheck;
  expect({ command: test.slice(1), interval, timeout, startPeriod, retries }).toEqual(image.healthCheck);
  expect(test[0]).toBe('CMD');
});

it('publishes the port of the image to this machine alone', () => {
  expect(service.ports).toEqual([`127.0.0.1:${port}:${port}`]);
});

it('mounts the secret of the first token at the path that its setting names, and keeps it out of Git', () => {
  const [name] = service.secrets;
  expect(service.environment.SSM_ARCHIVE_TOKEN_FILE).toBe(`/run/secrets/${name}`);
  expect(compose.secrets).toEqual({ [name]: { file: `./secrets/${name}` } });
  expect(readFileSync('.gitignore', 'utf8').split('\n')).toContain('secrets/');
});

it('gives the server more time to stop than it can need', () => {
  const graceMs = Number.parseInt(service.stop_grace_period, 10) * 60_000;
  expect(graceMs).toBeGreaterThan(PASS_GRACE_MS + ANSWER_GRACE_MS + 10_000);
});

it('gives the container the memory that all its SQL processes together may use, plus one GiB for the other processes', () => {
  const { sqlReaders, sqlMemoryBytes } = readConfig({ env: {}, cwd: '/', faultOfSchedule: () => undefined }).config;
  const limit = Number.parseInt(service.mem_limit, 10) * 2 ** 30;
  expect(limit).toBeGreaterThanOrEqual(sqlReaders * sqlMemoryBytes + 2 ** 30);
});

const composeVersion = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8' });
const hasCompose = composeVersion.status === 0;
if (!hasCompose) console.log(`Compose was not asked about ${FILE}: "docker compose version" does not run here.`);

// The tests above compare the file with values of this project. If Compose is installed, this test compares the file
// with Compose's schema.
it.runIf(hasCompose)('is accepted by Docker Compose, if that is installed', () => {
  const { status, stderr } = spawnSync('docker', ['compose', '--file', FILE, 'config', '--quiet'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
