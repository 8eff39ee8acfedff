import { UserFault } from '../../lib/errors/user-fault.ts';

/** Reads a share of a whole, from 0 to 1. Throws a UserFault that names the option. */
export function shareOf(option: string, text: string): number {
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new UserFault(`${option} must be a number from 0 to 1, not "${text}".`, { exitCode: 2 });
}
