const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/**
 * An ISO 8601 date (its beginning, in UTC) or a date and time with a zone, as the archive writes times; a fraction beyond
 * milliseconds is cut. A zone may stand without its colon, as many programs write it. Undefined for anything else, and for days and hours that there are not.
 */
export function parseTime(text: string): string | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match;
  const wall = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // The 30th of February is read as a day in March: what was read must be what was written.
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
