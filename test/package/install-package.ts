import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
/** Commands that a user's machine is assumed to have: no compiler, no make and no Python. */
const TOOLS = ['sh', 'cat', 'cp', 'mkdir', 'curl', 'aws'];
const packed = z.tuple([z.object({ filename: z.string() })]);

export interface InstalledPackage {
  /** The folder to install into, which must be empty. */
  folder: string;
  /** Everything on PATH except Node and what npm installed. */
  tools: string;
  tarball: string;
  /**
   * Settings of npm, as variables. With them npm uses the tarballs that this machine has, and leaves nothing in the
   * user's folder.
   */
  npm: Record<string, string>;
  /** What npm printed. */
  output: string;
  remove(): void;
}

/**
 * Packs the repository by its own build, and installs the package with production dependencies only. It packs a copy,
 * because the build begins by removing dist/, which other tests use at the same time.
 */
export async function installPackage(): Promise<InstalledPackage> {
  const root = mkdtempSync(join(tmpdir(), 'ssm-archive-package-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    const [folder = '', tools = '', bin = ''] = ['empty', 'tools', 'node'].map((name) => join(root, name));
    for (const path of [folder, tools, bin]) mkdirSync(path);
    const tarball = await packCopy(root);
    await linkTools(tools);
    symlinkSync(process.execPath, join(bin, 'node'));
    const npm = npmSettings(join(root, 'npm'));
    const env = { ...cleanEnvironment(), ...npm, PATH: `${bin}:${tools}` };
    const { stdout, stderr } = await run(join(tools, 'npm'), ['install', '--omit=dev', tarball], { cwd: folder, env });
    return { folder, tools, tarball, npm, output: stdout + stderr, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function packCopy(root: string): Promise<string> {
  const copy = join(root, 'copy');
  await copyRepository(copy);
  const pack = ['pack', '--json', '--silent', '--pack-destination', root];
  const { stdout } = await run('npm', pack, { cwd: copy, env: cleanEnvironment() });
  // The build may print something before the JSON.
  const [{ filename }] = packed.parse(JSON.parse(stdout.slice(stdout.indexOf('['))));
  return join(root, filename);
}

async function linkTools(tools: string): Promise<void> {
  for (const name of TOOLS) {
    const path = ['/usr/bin', '/bin'].map((bin) => join(bin, name)).find((file) => existsSync(file));
    if (path !== undefined) symlinkSync(path, join(tools, name));
  }
  const npmBin = join(await npmFolder(), 'bin');
  for (const name of ['npm', 'npx']) symlinkSync(join(npmBin, `${name}-cli.js`), join(tools, name));
}

/** The files that git knows, including changes that are not committed yet. */
async function copyRepository(copy: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  for (const file of stdout.split('\0')) if (file !== '' && existsSync(file)) cpSync(file, join(copy, file));
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));
}

/** The npm that runs the tests, otherwise the npm on PATH. */
async function npmFolder(): Promise<string> {
  const { npm_execpath: running } = process.env;
  const path = running ?? (await run('/bin/sh', ['-c', 'command -v npm'])).stdout.trim();
  return dirname(dirname(realpathSync(path)));
}

function npmSettings(cache: string): Record<string, string> {
  const { npm_config_cache: ofUser = join(homedir(), '.npm'), npm_config_userconfig: file } = process.env;
  mkdirSync(cache);
  const shared = join(ofUser, '_cacache');
  if (existsSync(shared)) symlinkSync(shared, join(cache, '_cacache'));
  return {
    ...{ npm_config_cache: cache, npm_config_userconfig: file ?? join(homedir(), '.npmrc') },
    ...{ npm_config_prefer_offline: 'true', npm_config_update_notifier: 'false' },
    ...{ npm_config_audit: 'false', npm_config_fund: 'false' },
  };
}

/** The environment without the variables in which the npm that runs the tests describes the repository. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const ofRepository = /^(npm_(package|lifecycle)_.*|npm_config_local_prefix|npm_command|INIT_CWD)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofRepository.test(name)));
}

const lock = z.object({ packages: z.record(z.string(), z.looseObject({ hasInstallScript: z.boolean().optional() })) });

/** Whether npm failed because it reaches no registry. */
export function isOffline(error: unknown): boolean {
  return /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENETUNREACH|ENOTCACHED/.test(String(error));
}

/**
 * What npm installed into a folder: the packages, the packages that run a script, and how many bytes of the disk
 * everything takes.
 */
export function readInstalled(folder: string) {
  const { packages } = lock.parse(JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')));
  const modules = join(folder, 'node_modules');
  const files = readdirSync(modules, { recursive: true, withFileTypes: true });
  return {
    packages: Object.keys(packages).map((path) => path.replace('node_modules/', '')),
    withScript: Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript),
    diskBytes: files
      .filter((file) => file.isFile())
      .reduce((sum, file) => sum + 512 * statSync(join(file.parentPath, file.name)).blocks, 0),
  };
}
