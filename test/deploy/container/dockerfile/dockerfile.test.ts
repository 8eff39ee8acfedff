import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../../../src/config/read-config.ts';
import { plainImage, withInstruction } from '../image.ts';
import { listContext } from './list-context.ts';
import { parseDockerfile } from './parse-dockerfile.ts';

const stages = parseDockerfile(readFileSync('deploy/container/Dockerfile', 'utf8'));
const image = (stages.at(-1)?.instructions ?? []).reduce(withInstruction, plainImage([]));
const manifest: { version: string; description: string; license: string; devDependencies: { node: string } } =
  JSON.parse(readFileSync('package.json', 'utf8'));

it('builds and runs with the Node that package.json pins', () => {
  const bases = stages.map(({ base }) => base).filter((base) => base.startsWith('node:'));
  expect(new Set(bases)).toEqual(new Set([`node:${manifest.devDependencies.node}-bookworm-slim`]));
});

it('gives the image the name of the package, and names its base', () => {
  const title = 'org.opencontainers.image';
  expect(image.labels).toEqual({
    [`${title}.title`]: 'ssm-archive',
    [`${title}.description`]: manifest.description,
    [`${title}.version`]: manifest.version,
    [`${title}.licenses`]: manifest.license,
    [`${title}.base.name`]: `docker.io/library/${stages.at(-1)?.base}`,
  });
});

it('has settings that the program accepts: its own port, every address, and all files in the volume', () => {
  const own = readConfig({ env: {}, cwd: '/', faultOfSchedule: () => undefined }).config;
  const { config, warnings } = readConfig({ env: image.env, cwd: image.workdir, faultOfSchedule: () => undefined });
  expect(warnings).toEqual([]);
  expect(config).toMatchObject({ host: '0.0.0.0', port: own.port });
  expect(image.ports).toEqual([own.port]);
  const [volume] = image.volumes;
  for (const path of [config.db, config.authDb, config.accessDb, config.ledgerKey, config.reportsFile])
    expect(dirname(path)).toBe(volume);
  expect(image.env.SQLITE_TMPDIR).toBe(volume);
});

it('runs as a user that is not root, named by its number, so that Kubernetes can check that', () => {
  expect(image.user).toMatch(/^[1-9]\d{3,}:[1-9]\d{3,}$/);
});

it('starts an init that passes signals on, and serves unless another command is given', () => {
  expect([...image.entrypoint, ...image.command]).toEqual(['tini', '--', 'ssm-archive', 'serve']);
  expect(image.stopSignal).toBe('SIGTERM');
});

it('is built from a context that has everything that a build copies, but no secret, archive or Git history', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-context-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync('.dockerignore', join(folder, '.dockerignore'));
  const kept = stages
    .flatMap(({ instructions }) => instructions)
    .flatMap((step) => (step.kind === 'copy' && step.from === undefined ? step.sources : []))
    .filter((path) => path !== '.')
    .concat('src/cli/main.ts', 'docs/container.md');
  const left = [
    ...['.git/HEAD', 'data/archive.db', 'archive.db', 'backups/old.db', 'node_modules/x/index.js', 'dist/cli.js'],
    ...['deploy/container/secrets/first-token', 'secrets/key', 'npm.log', 'ssm-archive-0.1.0.tgz'],
  ];
  for (const path of [...kept, ...left]) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
  expect(listContext(folder).sort()).toEqual(['.dockerignore', ...kept].sort());
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
});
