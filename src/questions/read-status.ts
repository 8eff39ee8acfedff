import { nearNames } from '../lib/words/near-names.ts';
import { STATUSES, type StatusName } from '../model/final-status.ts';

/** AWS's guide writes these too; its service does not. */
const OTHER_SPELLINGS = new Map<string, StatusName>([
  ['canceled', 'Cancelled'],
  ['canceling', 'Cancelling'],
]);

/** Other words for them, which are proposed and not taken. */
const OTHER_WORDS = new Map<string, StatusName>([
  ['succeeded', 'Success'],
  ['successful', 'Success'],
  ['running', 'InProgress'],
  ['timeout', 'TimedOut'],
  ['error', 'Failed'],
]);

/**
 * The status that a person means: `failed` is Failed, and `Delivery Timed Out`, as AWS's guide prints it, DeliveryTimedOut. A value
 * that the archive holds (`alsoKnown`) is a status as well, and is kept if it was typed exactly. For anything else, gives the near
 * statuses.
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
