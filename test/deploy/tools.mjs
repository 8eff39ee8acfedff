// Programs and schemas that tests need, and that no package of Debian or npm has: which ones, and where they are kept.
// test/install-tools.mjs installs them, once for each version and user.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ssm-archive-tools');

/** The newest Kubernetes for which there are schemas, and the oldest that the chart allows. */
export const KUBERNETES = ['1.37.0', '1.25.0'];

export const HELM = goTool('helm', 'helm.sh/helm/v3/cmd/helm', 'v3.22.0');
export const KUBECONFORM = goTool('kubeconform', 'github.com/yannh/kubeconform/cmd/kubeconform', 'v0.8.0');
/** Go's modules have no schemas of Kubernetes' objects. This package of PyPI has them, and is never run. */
export const SCHEMAS = pythonTool('kubernetes-validate', '1.37.0');

/** A stand-in for AWS that others wrote: the simulator is held to the same tests. Debian has no package of it. */
export const MOTO = pythonPackages('moto', '5.2.1', 'the simulator next to moto', [
  'moto[s3]==5.2.1',
  'flask==3.1.3',
  'flask-cors==6.0.5',
  'PyYAML==6.0.3',
]);

/** The server of SQLite files with which lists and pages are compared. */
export const DATASETTE = pythonPackages('datasette', '0.65.5', 'the benchmarks', ['datasette==0.65.5']);
/** What people would combine to do a part of the product's work. Debian's AWS CLI is version 2, PyPI's is version 1. */
export const AWS_CLI_1 = pythonPackages('awscli', '1.46.3', 'the benchmarks', ['awscli==1.46.3']);
export const SQLITE_UTILS = pythonPackages('sqlite-utils', '4.2.1', 'the benchmarks', ['sqlite-utils==4.2.1']);

export const TOOLS = [HELM, KUBECONFORM, SCHEMAS, MOTO, DATASETTE, AWS_CLI_1, SQLITE_UTILS];

/** ClickHouse within Python. Of what it could be used with, the tests need nothing. */
export const CHDB = pythonPackages('chdb', '4.4.0', 'ClickHouse on a lake', [
  '--no-deps',
  'chdb==4.4.0',
  'chdb-core==26.9.0',
]);
export const PYSPARK = pythonPackages('pyspark', '4.3.0', 'Spark on a lake', [
  '--no-deps',
  'pyspark==4.3.0',
  'py4j==0.10.9.9',
]);
export const PYICEBERG = pythonPackages('pyiceberg', '0.12.0', 'Iceberg on a lake', [
  'pyiceberg[pyarrow,sql-sqlite]==0.12.0',
  'pyarrow==26.0.1',
]);

/** Engines that read a lake. Where one can't be had, its tests are skipped, with CI=true too. */
export const ENGINES = [CHDB, PYSPARK, PYICEBERG];

/** A server of 800 MB, which only npm run test:engines installs. Of its plugins it gets the one that is asked. */
export const TRINO = {
  name: 'Trino 476',
  path: join(CACHE, 'trino-476', 'server'),
  needs: 'mvn and tar',
  tests: 'Trino on a lake',
  install: (into) => installTrino('476', into),
};

async function installTrino(version, into) {
  const server = join(into, 'server');
  const archive = `trino-server-${version}`;
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy';
  const artifact = `io.trino:trino-server:${version}:tar.gz`;
  const failure = await run(
    'nice',
    ['mvn', '-q', '-B', plugin, `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`],
    {},
  );
  if (failure !== undefined) return failure;
  // Its files are hard links to those of other plugins, so a part of it can't be unpacked alone.
  const unpacked = await run('nice', ['tar', '-C', into, '-xzf', join(into, `${archive}.tar.gz`)], {});
  if (unpacked !== undefined) return unpacked;
  mkdirSync(join(server, 'plugin'), { recursive: true });
  for (const part of ['lib', 'plugin/hive']) renameSync(join(into, archive, part), join(server, part));
  for (const name of [archive, `${archive}.tar.gz`]) rmSync(join(into, name), { recursive: true });
  return undefined;
}

function goTool(name, module, version) {
  const folder = join(CACHE, `${name}-${version}`);
  return {
    name: `${name} ${version}`,
    path: join(folder, name),
    needs: 'go',
    tests: 'the Helm chart',
    install: (into) =>
      run('nice', ['go', 'install', '-ldflags=-s -w', `${module}@${version}`], { GOBIN: into, CGO_ENABLED: '0' }),
  };
}

function pythonTool(name, version) {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'fetch-schemas.py');
  return {
    name: `schemas of ${name} ${version}`,
    path: join(CACHE, `${name}-${version}`, 'schemas'),
    needs: 'python3 with pip',
    tests: 'the Helm chart',
    install: (into) => run('python3', [script, `${name}==${version}`, join(into, 'schemas'), ...KUBERNETES], {}),
  };
}

function pythonPackages(name, version, tests, packages) {
  return {
    name: `${name} ${version}`,
    path: join(CACHE, `${name}-${version}`, 'packages'),
    needs: 'python3 with pip',
    tests,
    install: (into) =>
      run('nice', ['python3', '-m', 'pip', 'install', '--quiet', '--target', join(into, 'packages'), ...packages], {}),
  };
}

/** Installs those that are missing, all at the same time, and prints a line for each. */
export async function installTools(tools) {
  const missing = tools.filter(({ path }) => !existsSync(path));
  await Promise.all(missing.map(installOne));
}

async function installOne({ name, path, install, needs }) {
  console.log(`Installing ${name} for the tests, once.`);
  mkdirSync(CACHE, { recursive: true });
  // The folder gets its name last: if we are interrupted, half an installation must not be taken for a whole one.
  const partial = mkdtempSync(join(CACHE, 'partial-'));
  const failure = await install(partial);
  if (failure === undefined && !existsSync(dirname(path))) renameSync(partial, dirname(path));
  else rmSync(partial, { recursive: true });
  if (failure !== undefined) console.error(`${name} could not be installed (it needs ${needs}):\n${failure}`);
}

/** What went wrong; undefined if nothing did. */
function run(file, args, env) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : err));
  });
}
