import { nearNames, proposalOf } from '../lib/near-names.ts';
import { after, readText } from './read-text.ts';
import { type Read, shown } from './reading.ts';

/** An AWS account: 12 digits, of which the first may be 0. */
export const readAccount: Read<string> = (typed, context) =>
  after(readText(typed, context), (text) =>
    /^\d{12}$/.test(text)
      ? { value: text }
      : { fault: `must be the 12 digits of an AWS account, not ${withNear(text, context.accounts)}` },
  );

/** An AWS region, by its form: AWS has new ones each year. */
export const readRegion: Read<string> = (typed, context) =>
  after(readText(typed, context), (text) =>
    /^[a-z]{2,}(-[a-z]+){1,3}-\d{1,2}$/.test(text)
      ? { value: text }
      : { fault: `must be an AWS region such as eu-west-1, not ${withNear(text, context.regions)}` },
  );

function withNear(text: string, known: (() => Iterable<string>) | undefined): string {
  const near = known === undefined ? '' : proposalOf(nearNames(text, known()));
  return near === '' ? shown(text) : `${shown(text)}.${near}`;
}
