import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnEnd } from './end-to-end/run-cli.ts';
import { onTestEnd } from './on-test-end.ts';

/** If no file system can be mounted, a test that needs one is skipped. In CI it runs, and fails. */
export const isWithoutMounts = !canMount() && !process.env.CI;
export const NEEDS_MOUNTS = '(needs Linux, and root that may mount a file system of some megabytes)';

/** A folder on a small file system, which can be filled to the last block. */
export interface SmallDisk {
  folder: string;
  /** Fills the file system, except for this many bytes. */
  fill(leftBytes?: number): void;
  /** Frees the space again. */
  free(): void;
}

/** Mounts a file system of this size in memory. It is unmounted when the test ends. */
export function smallDisk(sizeBytes: number, onEnd: OnEnd = onTestEnd): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=700`, 'tmpfs', folder]);
  onEnd(() => {
    // Processes that still use the file system keep their open files.
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  });
  const filling = join(folder, 'filling');
  return {
    folder,
    fill(leftBytes = 0) {
      rmSync(filling, { force: true });
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filling, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)));
    },
    free: () => rmSync(filling, { force: true }),
  };
}

/** Root in a container may lack the right to mount. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
