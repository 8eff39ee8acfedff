import { proposalOf } from '../lib/words/near-names.ts';
import { readStatus } from './read-status.ts';
import { readText } from './read-text.ts';
import { type Read, type Reading, type ReadingContext, shown } from './reading.ts';

const MOST_STATUSES = 20;

/**
 * Reads values of Status and StatusDetails, given several times or separated by commas. Case and blanks do not matter.
 */
export const readStatuses: Read<readonly string[]> = (typed, context) => {
  const parts = typed.flatMap((text) => text.split(',')).map((part) => part.trim());
  if (parts.length > MOST_STATUSES) return { fault: `must have at most ${MOST_STATUSES} values` };
  const value: string[] = [];
  for (const part of parts) {
    const reading = readOne(part, context);
    if ('fault' in reading) return reading;
    value.push(reading.value);
  }
  return { value };
};

function readOne(part: string, context: ReadingContext): Reading<string> {
  const text = readText([part], context);
  if ('fault' in text) return text;
  const listed = readStatus(part);
  // The text is exactly a status of AWS's list, or there is no archive whose statuses could be read.
  if ('value' in listed && (listed.value === part || context.statuses === undefined)) return listed;
  if (context.statuses === undefined) return { value: part };
  // If the text is exactly a status of the archive, it is accepted as it is, even if it is similar to a status of AWS's
  // list.
  const status = readStatus(part, context.statuses());
  if ('value' in status) return status;
  return { fault: `must be a Status or StatusDetails of AWS, not ${shown(part)}.${proposalOf(status.near)}` };
}
