import type { ChildProcess } from 'node:child_process';

/**
 * Ends a child process, whatever it does. Where no process could be made for want of descriptors, Node has a child without a number, and sends
 * a signal that is meant for it to the whole process group: to this process, and to the shell or the other services that it runs with.
 */
export function killChild(child: ChildProcess): void {
  if (child.pid !== undefined) child.kill('SIGKILL');
}
