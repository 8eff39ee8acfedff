import { UserFault } from '../../../lib/errors/user-fault.ts';

/** Returns a day that was typed, as an ISO date. Throws UserFault if it is none. */
export function readDay(option: string, text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00.000Z`) : undefined;
  // JavaScript takes 31 February for a day of March.
  if (at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)) return text;
  throw new UserFault(`${option} accepts a day such as 2026-03-01, in UTC, not "${text}".`, { exitCode: 2 });
}
