import { nearNames, proposalOf } from '../lib/words/near-names.ts';
import { ACCOUNT, REGION } from '../model/place-forms.ts';
import { after, readText } from './read-text.ts';
import { type Read, shown } from './reading.ts';

/** Reads an AWS account: 12 digits, the first of which may be 0. */
export const readAccount: Read<string> = (typed, context) =>
  after(readText(typed, context), (text) =>
    ACCOUNT.form.test(text)
      ? { value: text }
      : { fault: `must be ${ACCOUNT.expected}, not ${withNear(text, context.accounts)}` },
  );

/** Reads an AWS region and checks only its form, because AWS adds regions each year. */
export const readRegion: Read<string> = (typed, context) =>
  after(readText(typed, context), (text) =>
    REGION.form.test(text)
      ? { value: text }
      : { fault: `must be ${REGION.expected}, not ${withNear(text, context.regions)}` },
  );

function withNear(text: string, known: (() => Iterable<string>) | undefined): string {
  const near = known === undefined ? '' : proposalOf(nearNames(text, known()));
  return near === '' ? shown(text) : `${shown(text)}.${near}`;
}
