import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { childrenOf } from '../../service/processes.ts';
import { until } from '../../until.ts';
import type { Image } from './image.ts';
import type { ComposeService } from './read-compose.ts';
import { argumentsOf } from './read-process.ts';
import { type Ended, runToEnd } from './run-to-end.ts';

export interface ContainerOptions {
  image: Image;
  /** The container's user, and where it may write besides the volume. */
  service: ComposeService;
  /** An empty folder, on which the root is mounted. */
  root: string;
  /** The folder that is mounted as the volume. */
  volume: string;
  /** The files with the container's secrets, by the secrets' names. */
  secrets?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** A command that replaces the image's own. */
  command?: readonly string[];
  onEnd?: (end: () => void) => void;
}

export interface Container {
  /** What the container's processes have written so far. */
  output(): string;
  /** Runs a command in the container, as its user, as `docker exec` does. */
  exec(command: readonly string[]): Promise<Ended>;
  /** All processes of the container, by their numbers on this machine. Process 1 is the first. */
  processes(): number[];
  /** Sends a signal to process 1, by default the signal that ends it. */
  signal(name?: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; out: string; err: string }>;
}

const WITHOUT_PRIVILEGES = ['--clear-groups', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
/**
 * Keeps processes from outliving the tests, even if the tests are killed. Set twice, because a change of user cancels
 * it.
 */
const DIES_WITH_PARENT = '--pdeathsig=SIGKILL';

/**
 * Runs an image as a container engine would run a service of compose.yaml: with namespaces of its own for mounts and
 * processes, a root that can't be written to, a tmpfs, the volume, and no privilege. The network is this machine's, and
 * memory has no limit. The container is killed with the test.
 */
export async function runContainer(options: ContainerOptions): Promise<Container> {
  const { image, service, root, volume, secrets = [], command = image.command, onEnd = onTestFinished } = options;
  const [uid = '', gid = ''] = service.user.split(':');
  const variables = { ...image.env, HOME: homeOf(image, uid), ...options.env };
  const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const asUser = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...WITHOUT_PRIVILEGES, DIES_WITH_PARENT, '--'];
  const within = [...asUser, 'env', '--ignore-environment', `--chdir=${image.workdir}`, ...environment];
  const script = join(import.meta.dirname, 'run-container.sh');
  const child = spawn(
    'setpriv',
    [
      ...[DIES_WITH_PARENT, 'unshare', '--mount', '--pid', '--fork', '--kill-child', '/bin/sh', script],
      ...[...within, ...image.entrypoint, ...command],
    ],
    {
      env: {
        ...{ PATH: process.env.PATH, LAYERS: image.layers.join(':'), ROOT: root, SECRETS: secrets.join(' ') },
        ...{ VOLUME: volume, VOLUME_AT: image.volumes[0], TMP_OPTIONS: service.tmpfs[0].slice('/tmp:'.length) },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  onEnd(() => {
    // Process 1 ends with unshare, and all other processes of the container end with process 1.
    child.kill('SIGKILL');
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  const ended: Container['ended'] = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
  let first = 0;
  await until(() => {
    [first = 0] = childrenOf(child.pid ?? 0);
    // A short command may have ended before its process can be found.
    return child.exitCode !== null || argumentsOf(first).startsWith(`${image.entrypoint[0]} `);
  });
  return {
    output: () => out + err,
    exec: (own) => runToEnd('nsenter', [`--target=${first}`, '--mount', '--pid', '--root', '--', ...within, ...own]),
    processes: () => withDescendants(first),
    signal: (name = 'SIGTERM') => {
      process.kill(first, name);
    },
    ended,
  };
}

/** The home folder as a container engine sets it, from the image's list of users. */
function homeOf({ layers }: Image, uid: string): string {
  const users = layers.map((layer) => join(layer, 'etc/passwd')).find((path) => existsSync(path));
  const [, home = '/'] =
    new RegExp(`^[^:]*:[^:]*:${uid}:.*:([^:]*):[^:]*$`, 'm').exec(readFileSync(users ?? '', 'utf8')) ?? [];
  return home;
}

function withDescendants(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(withDescendants)];
}
