import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAuthDb } from '../../../src/access/open-auth-db.ts';
import { createToken } from '../../../src/access/tokens/create-token.ts';
import { openArchive } from '../../../src/db/open.ts';
import { sha256Of } from '../../../src/lib/sha256.ts';
import { repacked, unpacked } from '../../archive/evidence/pack-trial.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { bareEnvironment, CLI, type CliResult, runCli } from '../run-cli.ts';
import { runHere } from '../run-here.ts';
import { writeHostileArchive } from './hostile-archive.ts';
import type { HostileService } from './hostile-service.ts';
import { PLANT, PLANT_OF_HEADERS, showsPlant } from './plant.ts';

/** The servers that the trials call. */
export interface Peers {
  /** The addresses of AWS and of an archive's server, from startHostileService and startHostileServer. */
  aws: HostileService;
  server: HostileService;
  /** A folder with an archive that is full of the hostile text. Trials only read it. */
  folder: string;
}

/** A call of a command. The hostile text is one of the texts that a file, a service or a user can give it. */
export interface Trial {
  what: string;
  /**
   * Whether the call needs a process of its own, because it starts further processes, logs, or ends with an error that
   * nothing catches.
   */
  isProcess: boolean;
  call(peers: Peers): Promise<CliResult>;
}

type Call = Trial['call'];

const inProcess = (what: string, call: Call): Trial => ({ what, isProcess: true, call });
const here = (what: string, call: Call): Trial => ({ what, isProcess: false, call });

const SPAN = ['--from', '2020-01-01', '--to', '2030-01-01'];
const PACK = [...SPAN, '--output', 'p.zip'];
const HOSTILE_NAME = `x${PLANT}`;
const EVERYTHING = 'SELECT *, comment AS "c\u009b2J" FROM invocations JOIN plugins ON invocation_id = invocations.id';

/** Makes a folder whose own name is the hostile text, so that every path that a command prints has it. */
export function hostileFolder(): string {
  const folder = join(tempFolder(), HOSTILE_NAME);
  mkdirSync(folder);
  return folder;
}

/** Makes a folder whose name is the hostile text, with an archive that is full of this text. */
function folderWithArchive(): string {
  const folder = hostileFolder();
  writeHostileArchive(join(folder, 'data', 'archive.db'));
  return folder;
}

/** Makes a call with an archive of its own, in a folder that also has these files. */
function withFiles(files: Readonly<Record<string, string>>, ...args: string[]): Promise<CliResult> {
  const folder = folderWithArchive();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return runHere(folder, args);
}

/** A folder, and the environment with which it collects from a source whose alias is the hostile text. */
function atSource({ aws }: Peers, path = ''): { folder: string; env: Record<string, string> } {
  const folder = folderWithArchive();
  writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources: [{ alias: PLANT, regions: ['eu-west-1'] }] }));
  const credentials = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };
  return { folder, env: { AWS_ENDPOINT_URL: `${aws.url}${path}`, ...credentials } };
}

function configured(command: string, yaml: unknown, env: Record<string, string> = {}): Promise<CliResult> {
  const folder = hostileFolder();
  writeFileSync(join(folder, 'archive.yaml'), typeof yaml === 'string' ? yaml : JSON.stringify(yaml));
  return runHere(folder, [command], env);
}

/** Uses the archive's own file as the backup of another archive. */
function restored(...args: string[]): Promise<CliResult> {
  const backup = join('data', 'archive.db');
  return runHere(folderWithArchive(), ['restore', backup, ...args], { SSM_ARCHIVE_DB: `${HOSTILE_NAME}.db` });
}

/** Claims something of a lake whose path is the hostile text. */
function claimHere(...args: string[]): Promise<CliResult> {
  return runHere(folderWithArchive(), ['lake', 'claim', ...args], { SSM_ARCHIVE_LAKE: HOSTILE_NAME });
}

/** Lists what a lake has in which somebody has put the hostile text. */
function ownersHere(...args: string[]): Promise<CliResult> {
  const folder = folderWithArchive();
  mkdirSync(join(folder, 'lake', '_ledger', 'archive-7'), { recursive: true });
  const owner = { archive: 7, origin: PLANT, since: PLANT };
  writeFileSync(join(folder, 'lake', '_ledger', 'archive-7', 'owner.json'), JSON.stringify(owner));
  return runHere(folder, ['lake', 'claims', ...args], { SSM_ARCHIVE_LAKE: 'lake' });
}

function withoutArchive(...args: string[]): Promise<CliResult> {
  return runHere(hostileFolder(), args);
}

/**
 * Makes the pack of an archive that is full of the hostile text, and changes its files before they are packed again.
 */
async function changedPack(change: (folder: string) => void): Promise<CliResult> {
  const folder = folderWithArchive();
  const made = await runHere(folder, ['evidence', ...PACK]);
  if (made.exitCode !== 0) throw new Error(made.stderr);
  const files = await unpacked(join(folder, 'p.zip'));
  change(files);
  return runHere(folder, ['verify', await repacked(files)]);
}

/** Makes a folder with a token file in which somebody has changed a name to the hostile text. */
function folderWithToken(): string {
  const folder = hostileFolder();
  mkdirSync(join(folder, 'data'));
  const authDb = openAuthDb(join(folder, 'data', 'auth.db'));
  const deps = { authDb, now: () => new Date(), random: randomBytes };
  createToken(deps, { name: 'a', role: 'reader', expiresAt: undefined });
  authDb.prepare('UPDATE tokens SET name = ?').run(PLANT);
  authDb.close();
  return folder;
}

/** Makes a call with an archive that somebody has changed. */
function changedArchive(...args: string[]): Promise<CliResult> {
  const folder = folderWithArchive();
  const { sqlite } = openArchive(join(folder, 'data', 'archive.db'));
  sqlite.exec(`UPDATE invocations SET comment = 'another'`);
  sqlite.close();
  return runCli(folder, args);
}

/** A key in the form of https://c2sp.org/signed-note, whose name is as hostile as the form allows. */
function hostileKey(): string {
  const name = `a\u202e${PLANT_OF_HEADERS}`;
  const bytes = Buffer.concat([Buffer.of(1), Buffer.alloc(32, 7)]);
  const id = sha256Of(Buffer.concat([Buffer.from(`${name}\n`), bytes]))
    .toString('hex')
    .slice(0, 8);
  return `${name}+${id}+${bytes.toString('base64')}`;
}

/** Returns the environment for a process that first runs this script. */
function before(script: string): Record<string, string> {
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}` };
}

/** A script that makes one of the product's programs throw an error that nothing catches, soon after its start. */
function crashOf(program: string): string {
  const crash = `setTimeout(() => { throw new Error(${JSON.stringify(PLANT)}) }, 200)`;
  return `if (/\\b${program}\\.js$/.test(process.argv[1])) ${crash}`;
}

/** Serves until part of the hostile text was printed, and then asks the server to end. */
function servedUntilShown(folder: string, env: Record<string, string>): Promise<CliResult> {
  const options = { cwd: folder, env: { ...bareEnvironment(folder), ...env, SSM_ARCHIVE_PORT: '0' } };
  const child = spawn(process.execPath, [CLI, 'serve'], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const result: CliResult = { exitCode: 0, stdout: '', stderr: '' };
  const take = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
    result[name] += chunk;
    if (showsPlant(result)) child.kill('SIGTERM');
  };
  child.stdout.on('data', take('stdout'));
  child.stderr.on('data', take('stderr'));
  const late = setTimeout(() => child.kill('SIGKILL'), 45_000);
  return new Promise((resolve) => {
    child.on('close', (exitCode) => {
      clearTimeout(late);
      resolve({ ...result, exitCode: exitCode ?? 1 });
    });
  });
}

/**
 * The trials of each command, by its name. For a subcommand, the words of the parent command come first. The trials
 * under '' belong to every call.
 */
export const TRIALS: Readonly<Record<string, readonly Trial[]>> = {
  '': [
    inProcess('a command that does not exist', () => runCli(tempFolder(), [PLANT])),
    here('an option that does not exist', () => withoutArchive(`--${PLANT}`)),
    here('an option of a command that does not exist', () => withoutArchive('status', `--${PLANT}=1`)),
    here('a subcommand that does not exist', () => withoutArchive('token', PLANT)),
    inProcess('an error that nothing catches', () =>
      runCli(tempFolder(), ['simulate', '--port', '0'], before(crashOf('cli'))),
    ),
    inProcess('a rejection that nothing catches', () => {
      const script = `setTimeout(() => Promise.reject(${JSON.stringify(PLANT)}), 200)`;
      return runCli(tempFolder(), ['simulate', '--port', '0'], before(script));
    }),
    inProcess('the path of a Node that is not supported', () => {
      const of = (name: string, value: string) => `Object.defineProperty(process, '${name}', { value: ${value} });`;
      const script = of('versions', `{ node: '20.0.0' }`) + of('execPath', JSON.stringify(PLANT));
      return runCli(tempFolder(), ['status'], before(script));
    }),
    here('an error of the system that names a path', () =>
      runHere(tempFolder(), ['init'], { SSM_ARCHIVE_DB: `/dev/null/${PLANT}/archive.db` }),
    ),
    here('a file that is not an archive', () => {
      const folder = hostileFolder();
      writeFileSync(join(folder, HOSTILE_NAME), 'no archive');
      return runHere(folder, ['status'], { SSM_ARCHIVE_DB: HOSTILE_NAME });
    }),
  ],
  init: [
    here('a path', () => withoutArchive('init')),
    here('a path, as JSON', () => withoutArchive('init', '--new', '--json')),
    here('a record of what was signed', () => {
      const folder = hostileFolder();
      mkdirSync(join(folder, 'data'));
      writeFileSync(join(folder, 'data', 'archive-ledger.signed'), `${PLANT}\n1\nAAAA\n\n— ${PLANT} AAAA\n`);
      return runHere(folder, ['init']);
    }),
    here('a file that is not an archive', () => {
      const folder = hostileFolder();
      writeFileSync(join(folder, HOSTILE_NAME), PLANT);
      return runHere(folder, ['init', '--new'], { SSM_ARCHIVE_DB: HOSTILE_NAME });
    }),
  ],
  ingest: [
    inProcess('a source that refuses', (peers) => {
      const { folder, env } = atSource(peers);
      return runCli(folder, ['ingest'], { ...env, SSM_ARCHIVE_LOG_LEVEL: 'trace' });
    }),
    here('a source that refuses, as JSON', (peers) => {
      const { folder, env } = atSource(peers);
      return runHere(folder, ['ingest', '--json'], env);
    }),
    here('a source that refuses before there is an archive', (peers) => {
      const { folder, env } = atSource(peers);
      return runHere(folder, ['ingest'], { ...env, SSM_ARCHIVE_DB: 'another.db' });
    }),
    here('a source that shows runs', (peers) => {
      const { folder, env } = atSource(peers, '/lists/');
      return runHere(folder, ['ingest'], env);
    }),
    here('an account', (peers) => {
      const { folder, env } = atSource(peers, '/who/');
      return runHere(folder, ['ingest'], env);
    }),
    here('a region in AWS_REGION', (peers) => {
      const { folder, env } = atSource(peers);
      writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources: [{ alias: PLANT }] }));
      return runHere(folder, ['ingest'], { ...env, AWS_REGION: PLANT });
    }),
    here('a variable that has no meaning', () => configured('ingest', {}, { [`SSM_ARCHIVE_${PLANT}`]: '1' })),
    here('values of variables', () =>
      configured('ingest', {}, { SSM_ARCHIVE_PORT: PLANT, SSM_ARCHIVE_SCHEDULE: PLANT }),
    ),
    here('keys of the configuration', () =>
      configured('ingest', { [PLANT]: 1, sources: [{ alias: 'a', [PLANT]: 1 }] }),
    ),
    here('values of the configuration', () => configured('ingest', { host: 'x', port: PLANT, corsOrigins: [PLANT] })),
    here('two equal aliases', () => configured('ingest', { sources: [{ alias: PLANT }, { alias: PLANT }] })),
    here('a configuration that is not YAML', () => configured('ingest', `sources: "${PLANT}" x: [`)),
    here('a configuration that does not exist', () => configured('ingest', {}, { SSM_ARCHIVE_CONFIG: PLANT })),
  ],
  serve: [
    inProcess('a logged refusal by a source', (peers) => {
      const { folder, env } = atSource(peers);
      return servedUntilShown(folder, env);
    }),
    inProcess('an error of the process that collects', (peers) => {
      const { folder, env } = atSource(peers);
      return servedUntilShown(folder, { ...env, ...before(crashOf('collector')) });
    }),
    here('a setting', () => configured('serve', {}, { SSM_ARCHIVE_HOST: PLANT })),
  ],
  status: [
    here('an archive', ({ folder }) => runHere(folder, ['status'])),
    here('an archive, as JSON', ({ folder }) => runHere(folder, ['status', '--json'])),
    here('an archive that does not exist', () => withoutArchive('status')),
  ],
  coverage: [
    here('an archive', ({ folder }) => runHere(folder, ['coverage'])),
    here('an archive, as JSON', ({ folder }) => runHere(folder, ['coverage', '--json'])),
    here('a span of an archive', ({ folder }) => runHere(folder, ['coverage', ...SPAN])),
    here('a certificate, as JSON', () => withFiles({}, 'coverage', '--certificate', '--json')),
  ],
  report: [
    here('a report of an archive that does not exist', () => withoutArchive('report', PLANT)),
    here('reports of the configuration', () => {
      const report = { name: 'own', description: PLANT, sql: 'SELECT 1' };
      return withFiles({ 'archive.yaml': JSON.stringify({ reports: [report] }) }, 'report');
    }),
    here('a report that is described', () => {
      const parameters = [{ name: 'a', type: 'text', description: PLANT, default: PLANT }];
      const report = { name: 'own', description: PLANT, sql: `SELECT :a -- \x9b2J\u202e`, parameters };
      return withFiles({ 'archive.yaml': JSON.stringify({ reports: [report] }) }, 'report', 'own', '--describe');
    }),
    inProcess('the rows of a report', ({ folder }) =>
      runCli(folder, ['report', 'what-ran', '--param', 'from=2020-01-01', '--param', 'to=now']),
    ),
    here('impossible values', ({ folder }) =>
      runHere(folder, ['report', 'what-ran', '--param', `from=${PLANT}`, '--param', `${PLANT}=1`]),
    ),
    here('a file of saved reports', () =>
      withFiles({ 'data/reports.yaml': JSON.stringify({ reports: [{ [PLANT]: PLANT, name: PLANT }] }) }, 'report'),
    ),
    here('the reports of a server', ({ server }) => withoutArchive('report', '--url', `${server.url}/reports/`)),
    here('a report of a server', ({ server }) =>
      withoutArchive('report', '--url', `${server.url}/reports/`, PLANT, '--describe'),
    ),
    here('the refusal of a server', ({ server }) => withoutArchive('report', '--url', server.url, 'x')),
  ],
  'report check': [
    here('a report that does not exist', () => withoutArchive('report', 'check', PLANT, '--portable')),
    here('a report that is not portable', () => {
      const sql = `SELECT '${PLANT.replaceAll("'", "''")}' || CAST(5 / 2 AS TEXT) AS a`;
      const report = { name: 'own', description: PLANT, sql };
      const files = { 'archive.yaml': JSON.stringify({ reports: [report] }) };
      return withFiles(files, 'report', 'check', 'own', '--portable');
    }),
  ],
  sql: [
    ...['table', 'json', 'markdown'].map((format) =>
      inProcess(`rows as ${format}`, ({ folder }) => runCli(folder, ['sql', '--format', format, EVERYTHING])),
    ),
    inProcess('a name that does not exist', ({ folder }) => runCli(folder, ['sql', `SELECT 1, "${PLANT}" FROM runs`])),
    inProcess('a parameter that does not exist', ({ folder }) =>
      runCli(folder, ['sql', '--param', `${PLANT}=1`, 'SELECT 1']),
    ),
    inProcess('a message that a function of SQL makes', ({ folder }) =>
      runCli(folder, ['sql', `SELECT json_extract('{}', '$.${PLANT}[')`]),
    ),
    here('a file of SQL', () => withFiles({ [HOSTILE_NAME]: '' }, 'sql', '--file', HOSTILE_NAME)),
    ...[400, 401, 403, 302, 500, 504].map((status) =>
      here(`the refusal of a server by ${status}`, ({ server }) => {
        const args = ['sql', '--url', `${server.url}/${status}/`, 'SELECT 1'];
        return runHere(tempFolder(), args, { SSM_ARCHIVE_TOKEN: 't' });
      }),
    ),
  ],
  verify: [
    inProcess('an archive that was changed', () => changedArchive('verify')),
    inProcess('an archive that was changed, as JSON', () => changedArchive('verify', '--json')),
    inProcess('an error of a process that verifies', ({ folder }) =>
      runCli(folder, ['verify'], before(crashOf('verifier'))),
    ),
    inProcess('a checkpoint', () => {
      const folder = folderWithArchive();
      writeFileSync(join(folder, HOSTILE_NAME), `${PLANT}\n1\nAAAA\n\n— ${PLANT} AAAA\n`);
      return runCli(folder, ['verify', '--checkpoint', HOSTILE_NAME]);
    }),
    here('a key', ({ folder }) => runHere(folder, ['verify', '--key', PLANT])),
    here('a pack that is not a pack', () => withFiles({ [HOSTILE_NAME]: PLANT }, 'verify', HOSTILE_NAME)),
    here('a pack that does not exist', () => withoutArchive('verify', PLANT)),
    here('the name of a file in a pack', () => changedPack((folder) => writeFileSync(join(folder, PLANT), 'x'))),
    here('the sums of a pack', () =>
      changedPack((folder) => writeFileSync(join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  ${PLANT}\n`)),
    ),
    here('the states of a pack', () =>
      changedPack((folder) => {
        const path = join(folder, 'states.ndjson');
        const line = JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '');
        line.openings[0].value = PLANT;
        writeFileSync(path, `${JSON.stringify(line)}\n`);
      }),
    ),
    here('the rows of a pack', () => changedPack((folder) => writeFileSync(join(folder, 'states.ndjson'), ''))),
    here('the key of a pack', () => changedPack((folder) => writeFileSync(join(folder, 'key.txt'), hostileKey()))),
  ],
  reconcile: [
    here('a source that refuses', (peers) => {
      const { folder, env } = atSource(peers);
      return runHere(folder, ['reconcile'], env);
    }),
    here('a source that shows different data', (peers) => {
      const { folder, env } = atSource(peers, '/lists/');
      return runHere(folder, ['reconcile'], env);
    }),
    here('a source that does not exist', (peers) => runHere(atSource(peers).folder, ['reconcile', '--source', 'x'])),
  ],
  seal: [
    here('a day', ({ folder }) => runHere(folder, ['seal', '--before', PLANT], { SSM_ARCHIVE_LAKE: 'lake' })),
    here('a lake', ({ folder }) =>
      runHere(folder, ['seal', '--dry-run', '--json'], { SSM_ARCHIVE_LAKE: HOSTILE_NAME }),
    ),
  ],
  'lake ddl': [
    here('the place of the lake', ({ folder }) =>
      runHere(folder, ['lake', 'ddl', 'spark'], { SSM_ARCHIVE_LAKE: PLANT }),
    ),
    here('a place', ({ folder }) => runHere(folder, ['lake', 'ddl', 'duckdb', '--location', `s3://bucket/${PLANT}`])),
    here('a table', ({ folder }) => runHere(folder, ['lake', 'ddl', 'duckdb', '--location', '/', '--table', PLANT])),
    here('an engine', ({ folder }) => runHere(folder, ['lake', 'ddl', PLANT])),
  ],
  unseal: [here('a day', ({ folder }) => runHere(folder, ['unseal', '--day', PLANT], { SSM_ARCHIVE_LAKE: 'lake' }))],
  'lake claim': [
    here('an account', ({ folder }) =>
      runHere(folder, ['lake', 'claim', '--account', PLANT], { SSM_ARCHIVE_LAKE: 'lake' }),
    ),
    here('a region', () => claimHere('--account', '111122223333', '--region', PLANT)),
    here('who claims, as JSON', () =>
      claimHere('--account', '111122223333', '--region', 'eu-west-1', '--by', PLANT, '--json'),
    ),
  ],
  'lake release': [
    here('an account', ({ folder }) =>
      runHere(folder, ['lake', 'release', '--account', PLANT], { SSM_ARCHIVE_LAKE: 'lake' }),
    ),
  ],
  'lake claims': [
    here('the owner of a number', () => ownersHere()),
    here('the owner of a number, as JSON', () => ownersHere('--json')),
  ],
  prune: [
    here('the filter of a dry run, as JSON', ({ folder }) => runHere(folder, ['prune', '--account', PLANT, '--json'])),
    here('an age', ({ folder }) => runHere(folder, ['prune', '--older-than', PLANT])),
  ],
  'source list': [
    here('an archive', ({ folder }) => runHere(folder, ['source', 'list'])),
    here('an archive, as JSON', ({ folder }) => runHere(folder, ['source', 'list', '--json'])),
  ],
  'source end': [
    here('a name under which nothing is owed', () => withFiles({}, 'source', 'end', `y${PLANT}`)),
    here('a name, a region and a reason', () =>
      withFiles({}, 'source', 'end', PLANT, '--reason', PLANT, '--by', PLANT),
    ),
  ],
  'hold place': [here('a span', () => withoutArchive('hold', 'place', '--reason', PLANT, '--from', PLANT))],
  'hold list': [
    here('an archive', ({ folder }) => runHere(folder, ['hold', 'list'])),
    here('an archive, as JSON', ({ folder }) => runHere(folder, ['hold', 'list', '--json'])),
  ],
  'hold release': [here('a number', () => withoutArchive('hold', 'release', PLANT, '--reason', 'x'))],
  evidence: [
    here('the path of the pack', () => withFiles({}, 'evidence', ...SPAN, '--output', PLANT)),
    here('the content of the pack, as JSON', () => withFiles({}, 'evidence', ...PACK, '--document', PLANT, '--json')),
    here('a value of --redact', ({ folder }) => runHere(folder, ['evidence', ...PACK, '--redact', PLANT])),
    here('a folder that does not exist', ({ folder }) =>
      runHere(folder, ['evidence', ...SPAN, '--output', `${PLANT}/p.zip`]),
    ),
    inProcess('SQL', () => runCli(folderWithArchive(), ['evidence', ...PACK, '--sql', `SELECT "${PLANT}" FROM runs`])),
    here('a report', ({ folder }) => runHere(folder, ['evidence', ...PACK, '--report', PLANT])),
  ],
  migrate: [
    here('the path of the archive', ({ folder }) => runHere(folder, ['migrate'], { SSM_ARCHIVE_DB: PLANT })),
    here('the path of the archive, as JSON', () => {
      const folder = folderWithArchive();
      return runHere(folder, ['migrate', '--json']);
    }),
  ],
  backup: [
    here('the path of the copy', () => withFiles({}, 'backup', PLANT)),
    here('the path of the copy, as JSON', () => withFiles({}, 'backup', PLANT, '--json')),
    here('a file that exists', () => withFiles({ [HOSTILE_NAME]: '' }, 'backup', HOSTILE_NAME)),
  ],
  restore: [
    here('a backup that is not a backup', () => withFiles({ [HOSTILE_NAME]: PLANT }, 'restore', HOSTILE_NAME)),
    here('a backup that does not exist', () => withoutArchive('restore', PLANT)),
    here('the path of the restored archive', () => restored()),
    here('the path of the restored archive, as JSON', () => restored('--json')),
    here('a record of what was signed', () => {
      const folder = folderWithArchive();
      writeFileSync(join(folder, 'data', 'archive-ledger.signed'), `${PLANT}\n1\nAAAA\n\n— ${PLANT} AAAA\n`);
      return runHere(folder, ['restore', join('data', 'archive.db')], { SSM_ARCHIVE_DB: 'another.db' });
    }),
  ],
  doctor: [
    here('a source that refuses, a key and a folder', (peers) => {
      const { folder, env } = atSource(peers);
      writeFileSync(join(folder, 'data', 'ledger.key'), PLANT);
      return runHere(folder, ['doctor'], { ...env, SSM_ARCHIVE_CHECKPOINT_DIRECTORY: PLANT });
    }),
    here('a source that refuses, as JSON', (peers) => {
      const { folder, env } = atSource(peers);
      return runHere(folder, ['doctor', '--json'], env);
    }),
    here('reports', () => {
      const report = { name: 'none', schedule: '* * * * *', directory: PLANT, values: { [PLANT]: PLANT } };
      return configured('doctor', { reports: [report] });
    }),
  ],
  'import-senders': [
    here('files', () => withFiles({ [HOSTILE_NAME]: PLANT }, 'import-senders', HOSTILE_NAME, `${PLANT}.json`)),
    here('files, as JSON', () => withFiles({ [HOSTILE_NAME]: PLANT }, 'import-senders', HOSTILE_NAME, '--json')),
  ],
  'key show': [
    here('a key that is not a key', () => withFiles({ 'data/archive-ledger.key': PLANT }, 'key', 'show')),
    here('a key that is not a key, as JSON', () =>
      withFiles({ 'data/archive-ledger.key': PLANT }, 'key', 'show', '--json'),
    ),
  ],
  'key renew': [
    here('a record that is not a record', () => withFiles({ 'data/archive-ledger.signed': PLANT }, 'key', 'renew')),
    here('an archive that does not exist', () => withoutArchive('key', 'renew', '--after-restore')),
  ],
  'token create': [
    here('a name', () => withoutArchive('token', 'create', '--name', PLANT, '--role', 'reader')),
    here('a name of an access key', () => withoutArchive('token', 'create', '--aws', '--name', PLANT, '--role', 'sql')),
    here('a role', () => withoutArchive('token', 'create', '--name', 'x', '--role', PLANT)),
    here('an expiry', () => withoutArchive('token', 'create', '--name', 'x', '--role', 'reader', '--expires', PLANT)),
  ],
  'token list': [
    here('a name', () => runHere(folderWithToken(), ['token', 'list'])),
    here('a name, as JSON', () => runHere(folderWithToken(), ['token', 'list', '--json'])),
    here('a file of tokens in another form', () => withFiles({ 'data/auth.db': PLANT }, 'token', 'list')),
  ],
  'token revoke': [
    here('a name that does not exist', () => withoutArchive('token', 'revoke', PLANT)),
    here('a name', () => runHere(folderWithToken(), ['token', 'revoke', PLANT])),
  ],
  simulate: [
    here('a fault', () => withoutArchive('simulate', '--fault', `${PLANT}=1`)),
    here('the value of a fault', () => withoutArchive('simulate', '--fault', `throttleRate=${PLANT}`)),
  ],
  demo: [
    inProcess('the path of its file', () =>
      runCli(tempFolder(), ['demo', '--exit', '--invocations', '50', '--db', `demo${PLANT}.db`]),
    ),
    here('a file that no demo has made', () => withoutArchive('demo', '--exit', '--db', PLANT)),
  ],
};
