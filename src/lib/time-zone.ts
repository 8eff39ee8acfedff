/** Whether a text is the name of an IANA time zone. A fixed offset (`+02:00`) is not one. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Returns the name in its usual spelling: Europe/Berlin for `europe/berlin`. */
export function timeZoneName(name: string): string | undefined {
  return isTimeZone(name) ? new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone : undefined;
}
