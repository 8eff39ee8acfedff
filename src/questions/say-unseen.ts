import { proposalOf } from '../lib/words/near-names.ts';

/** A value that the archive does not have, found by src/archive/values. */
interface Unseen {
  value: string;
  near: readonly string[];
  certainty?: 'never' | 'mayBePruned' | 'notKnown';
}

/** This is longer than the longest name in AWS, the ARN of a document. */
const MOST_SHOWN = 300;

const SAYS = {
  never: 'the archive has never seen it.',
  mayBePruned: 'the archive does not have it; something that was pruned may have had it.',
  notKnown: 'the archive may have seen it; searching the whole archive would take too long.',
} as const;

/**
 * Returns the sentence about a value that the archive does not have, with similar values: `--document
 * "AWS-RunShelScript": the archive has never seen it. Did you mean "AWS-RunShellScript"?`. `name` is the name that the
 * filter or parameter has for the user, such as `--document`.
 */
export function sayUnseen(name: string, { value, near, certainty = 'never' }: Unseen): string {
  const shown = value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value;
  return `${name} "${shown}": ${SAYS[certainty]}${proposalOf(near)}`;
}
