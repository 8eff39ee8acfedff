import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { baseRoot } from './base-root.ts';
import { listContext } from './dockerfile/list-context.ts';
import { type Instruction, parseDockerfile, type Stage } from './dockerfile/parse-dockerfile.ts';
import { type Image, plainImage, withInstruction } from './image.ts';
import { runWell } from './run-to-end.ts';

const NODE = 'node_modules/node';
/** Files in the tarball of Node beside its binary. Node's image has them under /usr/local. */
const NODE_FILES = ['CHANGELOG.md', 'LICENSE', 'README.md'];
/** Variables that Docker itself passes to each step. */
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);

/** The folders of a build: for its layers, and for temporary files. Each folder is made when it is asked for. */
type Folders = (name: string) => string;

/**
 * Performs the steps of this project's Dockerfile into a folder, stage by stage, and returns the last stage's image.
 * Only root can do that. An image of Debian is a root that debootstrap makes. An image of Node is such a root with the
 * Node of node_modules and this machine's npm. Rejects with the output of a step that fails.
 */
export async function buildImage(dockerfile: string, folder: string): Promise<Image> {
  const folders: Folders = (name) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const context = folders('context');
  for (const path of listContext('.')) cpSync(path, join(context, path));
  const stages = parseDockerfile(readFileSync(dockerfile, 'utf8'));
  const built = new Map<string, Image>();
  let last: Image | undefined;
  for (const [index, stage] of stages.entries()) {
    last = await buildStage(stage, `stage-${index}`, { folders, built, context });
    if (stage.name !== undefined) built.set(stage.name, last);
  }
  if (!last) throw new Error(`${dockerfile} has no stage.`);
  return last;
}

interface Build {
  folders: Folders;
  built: ReadonlyMap<string, Image>;
  context: string;
}

/**
 * A stage that is being built: the settings from its base and its instructions so far, and the folder of its changes.
 */
interface StageRoot {
  image: Image;
  name: string;
  changes: string;
}

async function buildStage(stage: Stage, name: string, build: Build): Promise<Image> {
  const base = build.built.get(stage.base) ?? (await baseImage(stage.base, build.folders));
  const changes = build.folders(`${name}/changes`);
  let image: Image = base;
  for (const instruction of stage.instructions) {
    image = withInstruction(image, instruction);
    const root = { image, name, changes };
    if (instruction.kind === 'run') await performRun(instruction, root, build);
    else if (instruction.kind === 'copy') await performCopy(instruction, root, build);
    // A missing folder is made by copying an empty folder to it.
    else if (instruction.kind === 'workdir')
      await copyInto(root, build, { from: { CONTEXT: build.folders('empty') }, sources: [''], target: image.workdir });
  }
  return { ...image, layers: [changes, ...base.layers] };
}

async function performRun(
  { command, caches }: Extract<Instruction, { kind: 'run' }>,
  root: StageRoot,
  { folders }: Build,
): Promise<void> {
  const { env, user, workdir } = root.image;
  if (user !== '0:0') throw new Error('RUN after USER is not supported here.');
  const variables = { HOME: '/root', ...given(PROXIES), ...env };
  await inNamespace('run-step.sh', ['--pid', '--fork', '--kill-child'], {
    env: {
      ...{ ...mountsOf(root, folders), COMMAND: command, FOLDER: workdir },
      CACHES: caches.map((target) => `${cacheOf(target)}=${target}`).join(' '),
      ...given(['NODE_EXTRA_CA_CERTS']),
    },
    args: Object.entries(variables).map(([key, value]) => `${key}=${value}`),
  });
}

async function performCopy(
  { from, sources, target }: Extract<Instruction, { kind: 'copy' }>,
  root: StageRoot,
  build: Build,
): Promise<void> {
  const stage = from === undefined ? undefined : build.built.get(from);
  if (from !== undefined && !stage) throw new Error(`There is no stage ${from} to copy from.`);
  await copyInto(root, build, {
    from: stage
      ? { FROM_LAYERS: stage.layers.join(':'), FROM_ROOT: build.folders('from') }
      : { CONTEXT: build.context },
    ...{ sources, target: target.startsWith('/') ? target : absolute(root.image.workdir, target) },
  });
}

async function copyInto(
  root: StageRoot,
  { folders }: Build,
  { from, sources, target }: { from: NodeJS.ProcessEnv; sources: readonly string[]; target: string },
): Promise<void> {
  const staged = mkdtempSync(join(folders(root.name), 'staged-'));
  await inNamespace('copy-step.sh', [], {
    env: { ...mountsOf(root, folders), ...from, STAGED: staged },
    args: [target, ...sources],
  });
  rmSync(staged, { recursive: true });
}

function mountsOf({ image, name, changes }: StageRoot, folders: Folders): NodeJS.ProcessEnv {
  return {
    ...{ LAYERS: image.layers.join(':'), CHANGES: changes },
    ...{ WORK: folders(`${name}/work`), ROOT: folders('root') },
  };
}

/** Runs one of the scripts beside this file in namespaces of its own. */
function inNamespace(
  script: string,
  namespaces: readonly string[],
  { env, args }: { env: NodeJS.ProcessEnv; args: readonly string[] },
): Promise<string> {
  const path = join(import.meta.dirname, script);
  return runWell('unshare', ['--mount', ...namespaces, '/bin/sh', path, ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
}

/** `.` and `./` mean the folder itself. A slash at the end stays, because it says that the target is a folder. */
function absolute(workdir: string, target: string): string {
  return `${workdir}/${target.replace(/^\.\/?/, '')}`;
}

async function baseImage(name: string, folders: Folders): Promise<Image> {
  const [, debian] = /^debian:([a-z]+)-slim$/.exec(name) ?? [];
  if (debian !== undefined) return plainImage([await baseRoot(debian, folders('root'))]);
  const [, version, suite = ''] = /^node:(\d+\.\d+\.\d+)-([a-z]+)-slim$/.exec(name) ?? [];
  if (version === undefined) throw new Error(`${name} is not an image that can be made here.`);
  return plainImage([nodeLayer(version, folders), await baseRoot(suite, folders('root'))]);
}

/** Puts the Node of node_modules and this machine's npm in the places that they have in Node's image. */
function nodeLayer(version: string, folders: Folders): string {
  const { version: pinned }: { version: string } = JSON.parse(readFileSync(join(NODE, 'package.json'), 'utf8'));
  if (pinned !== version) throw new Error(`The Dockerfile has Node ${version}, but package.json pins ${pinned}.`);
  const layer = folders(`node-${version}`);
  const local = join(layer, 'usr/local');
  if (existsSync(local)) return layer;
  mkdirSync(join(local, 'bin'), { recursive: true });
  cpSync(join(NODE, 'bin/node'), join(local, 'bin/node'));
  const { platform, arch } = process;
  for (const file of NODE_FILES) cpSync(join(NODE, `node_modules/node-${platform}-${arch}`, file), join(local, file));
  cpSync(npmFolder(), join(local, 'lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
  return layer;
}

function npmFolder(): string {
  const { npm_execpath: path = '' } = process.env;
  if (!/\/npm\/bin\/np[mx]-cli\.js$/.test(path)) throw new Error('Run this by npm: its own npm goes into the image.');
  return dirname(dirname(path));
}

/** npm uses this machine's own cache, so nothing is fetched again that the project's own installation has fetched. */
function cacheOf(target: string): string {
  if (target !== '/root/.npm') throw new Error(`There is no cache for ${target} on this machine.`);
  return process.env.npm_config_cache ?? join(homedir(), '.npm');
}

function given(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
