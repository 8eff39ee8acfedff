const THROTTLED = /throttl|TooManyRequests|RequestLimitExceeded|SlowDown/i;

/** Whether the service refused a call because there were too many. */
export function isThrottle(error: unknown): boolean {
  return error instanceof Error && (THROTTLED.test(error.name) || statusOf(error) === 429);
}

/** Returns the HTTP status of the reply that became this error, if there was a reply. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
