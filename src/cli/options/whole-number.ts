import { UserFault } from '../../lib/errors/user-fault.ts';

/** Returns the number in an option's text. Throws UserFault for text that is not a whole number from `min` to `max`. */
export function wholeNumber(option: string, text: string, max: number, min = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const range = min > 0 ? `from ${min} to ${max}` : `up to ${max}`;
  throw new UserFault(`${option} must be a whole number ${range}, not "${text}".`, { exitCode: 2 });
}
