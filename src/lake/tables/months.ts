const MONTH_CHARACTERS = 7;

/** Returns the month (`2026-03`) of an ISO date or time. */
export function monthOf(time: string): string {
  return time.slice(0, MONTH_CHARACTERS);
}

/** Returns the month after a month. Every time of a month sorts at or after the month, and before the next one. */
export function nextMonth(month: string): string {
  const next = new Date(`${month}-01T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return monthOf(next.toISOString());
}
