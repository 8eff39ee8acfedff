/** Whether that is the name of a time zone, as IANA has them. One offset for a whole year (`+02:00`) is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The name as it is written: `europe/berlin` is Europe/Berlin. */
export function timeZoneName(name: string): string | undefined {
  return isTimeZone(name) ? new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone : undefined;
}
