/**
 * The sentence beside an answer that was made of the rows of the file alone. `day` is an ISO date, and `what` names the
 * part of a page that the sentence is about.
 */
export function sayWholeFrom(day: string, what = 'This answer'): string {
  return `${what} is whole only from ${day} (UTC) on: earlier days are sealed in the lake, which it does not read.`;
}
