/** The statuses that a field names, as in "Failed, TimedOut". */
export function statusesOf(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
