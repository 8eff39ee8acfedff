import type { LakeFacts } from './sql/lake-facts.ts';

/** The sentence beside an answer of SQL over the lake. */
export function sayLake({ from, to, asOf }: LakeFacts): string {
  const days = from === null || to === null ? 'which has no day yet' : `with the days from ${from} to ${to} (UTC)`;
  return `This answer is of the lake, ${days}; rows that are not sealed are as of ${asOf}.`;
}
