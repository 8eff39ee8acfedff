import { statusesFoundBy } from '../../model/final-status.ts';

/** Whether an item passes a Status filter, which takes values of Status and of StatusDetails. */
export function hasStatus(wanted: string, status: string | undefined, details: string | undefined): boolean {
  return statusesFoundBy(wanted).some((value) => value === status || value === details);
}
