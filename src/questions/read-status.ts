import { nearNames } from '../lib/words/near-names.ts';
import { STATUSES, type StatusName } from '../model/final-status.ts';

/** Spellings in AWS's guide that the service does not use. */
const OTHER_SPELLINGS = new Map<string, StatusName>([
  ['canceled', 'Cancelled'],
  ['canceling', 'Cancelling'],
]);

/** Other words for statuses. They are not accepted, but the message proposes the right status. */
const OTHER_WORDS = new Map<string, StatusName>([
  ['succeeded', 'Success'],
  ['successful', 'Success'],
  ['running', 'InProgress'],
  ['timeout', 'TimedOut'],
  ['error', 'Failed'],
]);

/**
 * Returns the status that a person means: Failed for `failed`, and DeliveryTimedOut for `Delivery Timed Out`, as AWS's
 * guide prints it. A status that the archive has (`alsoKnown`) is accepted if it was typed exactly. For any other text,
 * returns similar statuses.
 */
export function readStatus(
  typed: string,
  alsoKnown: Iterable<string> = [],
): { value: string } | { near: readonly string[] } {
  const names = [...STATUSES.map(({ name }) => name), ...alsoKnown];
  if (names.includes(typed)) return { value: typed };
  const wanted = lettersOf(typed);
  if (wanted === '') return { near: [] };
  const value = names.find((name) => lettersOf(name) === wanted) ?? OTHER_SPELLINGS.get(wanted);
  if (value !== undefined) return { value };
  const meant = OTHER_WORDS.get(wanted);
  return { near: meant === undefined ? nearNames(typed, names) : [meant] };
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, '');
}
