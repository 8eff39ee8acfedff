/** Statuses of invocations, as the service has them. */
export const NOT_SUCCEEDED = ['Failed', 'TimedOut', 'Cancelled'];
export const UNENDED = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];
export const STATUSES = ['Success', ...NOT_SUCCEEDED, ...UNENDED];

/** Those that a field names, as in "Failed, TimedOut". */
export function statusesOf(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
