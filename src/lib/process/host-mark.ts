import { sha256 } from '../sha256.ts';

/**
 * Stands for a machine's name in file names, so that a process on another machine sees that the file is not its own.
 */
export function hostMark(host: string): string {
  return sha256(host).toString('hex').slice(0, 8);
}
