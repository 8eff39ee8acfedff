import type { ChildProcess } from 'node:child_process';

/**
 * Kills a child process, even one that hangs. If the system had no file descriptors left to start the process, the
 * child has no process number. Then Node would send the signal to the whole process group: to this process, its shell
 * and other services.
 */
export function killChild(child: ChildProcess): void {
  if (child.pid !== undefined) child.kill('SIGKILL');
}
