import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { childrenOf } from '../service/processes.ts';
import { until } from '../until.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** A machine that runs systemd, with the files of this machine. */
export interface Machine {
  /** Runs a command in the machine, as root. */
  run(file: string, ...args: string[]): Promise<Ran>;
  end(): Promise<void>;
}

const NSPAWN = '/usr/bin/systemd-nspawn';
const BOOT_MS = 30_000;

/**
 * Boots a machine with this machine's files, and on top of them the files of a folder. All its changes are lost when it
 * ends. Needs root, but no systemd that runs on this machine. If no machine can be booted, returns a sentence that says
 * why.
 */
export async function bootMachine(files: string): Promise<Machine | string> {
  if (process.getuid?.() !== 0) return 'only root can boot a machine in a container';
  if (!existsSync(NSPAWN)) return `${NSPAWN} is missing (Debian: apt-get install systemd-container)`;
  const scratch = mkdtempSync(join(tmpdir(), 'ssm-archive-machine-'));
  const script = ['sh', 'test/deploy/boot-machine.sh', basename(scratch), scratch, files];
  const apart = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  // The machine must not outlive the tests, even if they are killed.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...apart, ...script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  const isGone = endOf(child);
  const machine: Machine = {
    run: (file, ...args) => runIn(leaderOf(child), [file, ...args]),
    async end() {
      child.kill('SIGKILL');
      await isGone;
      await removeTraces(basename(scratch));
      rmSync(scratch, { recursive: true, force: true });
    },
  };
  try {
    await until(async () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
      return (
        leaderOf(child) !== undefined && (await machine.run('systemctl', 'is-active', 'sysinit.target')).code === 0
      );
    }, BOOT_MS);
    return machine;
  } catch (error) {
    await machine.end();
    const last = printed.trim().split('\n').at(-1) || String(error);
    return `systemd does not start in a container here (${last})`;
  }
}

/**
 * Removes what a machine leaves behind. The control groups of boot-machine.sh can't be removed before the machine's
 * last process has ended. The folder below /run is the one that systemd-nspawn makes for each machine's name.
 */
async function removeTraces(name: string): Promise<void> {
  for (const top of ['systemd', 'unified', '.']) {
    const group = join('/sys/fs/cgroup', top, name);
    await until(() => !existsSync(group) || removeFolders(group));
  }
  rmSync(join('/run/systemd/nspawn/propagate', name), { recursive: true, force: true });
}

/**
 * Whether a folder and its subfolders could be removed. The files in the folder of a control group need not be removed:
 * they disappear with the folder.
 */
function removeFolders(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removeFolders(join(folder, entry.name));
    }
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
}

/** The machine's first process: unshare has started systemd-nspawn, and systemd-nspawn has started it. */
function leaderOf({ pid }: ChildProcess): number | undefined {
  const [nspawn] = pid === undefined ? [] : childrenOf(pid);
  const [leader] = nspawn === undefined ? [] : childrenOf(nspawn);
  return leader;
}

function runIn(leader: number | undefined, command: string[]): Promise<Ran> {
  const enter = ['--target', String(leader), '--mount', '--uts', '--ipc', '--pid', '--cgroup', '--', ...command];
  return new Promise((resolve) => {
    execFile('nsenter', enter, { env: { PATH: process.env.PATH } }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out, err });
    });
  });
}
