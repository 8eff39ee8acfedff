const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/**
 * Parses an ISO 8601 date (its beginning, in UTC), or a date and time with a zone. Returns it as the archive writes
 * times, with the fraction cut to milliseconds. A zone may be written without its colon, as many programs do. Undefined
 * for anything else, and for days and hours that do not exist.
 */
export function parseTime(text: string): string | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match;
  const wall = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // JavaScript reads the 30th of February as a day in March, so the result is compared with the text.
  if (
    Number.isNaN(wall) ||
    new Date(wall).toISOString().slice(0, 19) !== `${year}-${month}-${day}T${hour}:${minute}:${second}`
  ) {
    return undefined;
  }
  const ms = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${zone.replace(/^(...)(\d\d)$/, '$1:$2')}`,
  );
  const time = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  return time.length === 24 ? time : undefined;
}
