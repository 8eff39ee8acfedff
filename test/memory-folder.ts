import { chmodSync, mkdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';

const MEMORY = '/dev/shm';
/** The tests of installed packages and of large archives need about half of it. */
const LEAST_BYTES = 8_000_000_000;

/**
 * The folder in which tests make their temporary files. It is in memory, because a tenth of the time of all tests is waiting for the
 * disk. Undefined where memory has too little room, or where no program may be started from it: then the tests use the
 * system's own. No test needs a disk that keeps its files when the machine stops: those that end a process early read
 * what it had written.
 */
export const MEMORY_FOLDER =
  process.env.TMPDIR === undefined && isRoomy() ? `${MEMORY}/ssm-archive-tests-${process.pid}` : undefined;

function isRoomy(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    const mount = readFileSync('/proc/mounts', 'utf8')
      .match(/^\S+ \/dev\/shm \S+ (\S+)/m)?.[1]
      ?.split(',') ?? ['noexec'];
    return bavail * bsize >= LEAST_BYTES && !mount.includes('noexec');
  } catch {
    return false;
  }
}

/** Makes the folder before the first test, and removes it after the last. */
export default function makeMemoryFolder(): (() => void) | undefined {
  if (MEMORY_FOLDER === undefined) return undefined;
  const folder = MEMORY_FOLDER;
  mkdirSync(folder);
  // As /tmp: tests that run commands as another user make their folders in it too.
  chmodSync(folder, 0o1777);
  return () => rmSync(folder, { recursive: true, force: true });
}
