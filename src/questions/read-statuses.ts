import { readText } from './read-text.ts';
import type { Read } from './reading.ts';

const MOST_STATUSES = 20;

/** Statuses and details of statuses, several values or separated by commas. */
export const readStatuses: Read<readonly string[]> = (typed, context) => {
  const parts = typed.flatMap((text) => text.split(',')).map((part) => part.trim());
  if (parts.length > MOST_STATUSES) return { fault: `must have at most ${MOST_STATUSES} values` };
  const value: string[] = [];
  for (const part of parts) {
    const reading = readText([part], context);
    if ('fault' in reading) return reading;
    value.push(reading.value);
  }
  return { value };
};
