import { sha256 } from '../sha256.ts';

/**
 * Returns a short form of a machine's name for file names, so that a process on another machine sees that the file is
 * not its own.
 */
export function hostMark(host: string): string {
  return sha256(host).toString('hex').slice(0, 8);
}
