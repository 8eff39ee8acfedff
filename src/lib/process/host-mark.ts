import { sha256 } from '../sha256.ts';

/** What stands for a machine's name in the name of a file, so that a process of another machine knows that it is not its own. */
export function hostMark(host: string): string {
  return sha256(host).toString('hex').slice(0, 8);
}
