import { statusesFoundBy } from '../../model/final-status.ts';

/** Whether an item matches a Status filter. The value of the filter may be a Status or a StatusDetails. */
export function hasStatus(wanted: string, status: string | undefined, details: string | undefined): boolean {
  return statusesFoundBy(wanted).some((value) => value === status || value === details);
}
