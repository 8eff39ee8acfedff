import { proposalOf } from '../lib/words/near-names.ts';

/** A value that the archive does not have, as src/archive/values finds it. */
interface Unseen {
  value: string;
  near: readonly string[];
  certainty?: 'never' | 'mayBePruned' | 'notKnown';
}

/** The longest name of AWS, an ARN of a document, is shorter. */
const MOST_SHOWN = 300;

const SAYS = {
  never: 'the archive has never seen it.',
  mayBePruned: 'the archive does not have it; whether something that was pruned had it is not known.',
  notKnown: 'whether the archive has ever seen it is not known: it is too large to look through for that.',
} as const;

/**
 * The sentence about a value that the archive does not have, and the near ones: `--document "AWS-RunShelScript": the archive has never seen it.
 * Did you mean "AWS-RunShellScript"?`. `name` is what the surface calls the filter, or the parameter.
 */
export function sayUnseen(name: string, { value, near, certainty = 'never' }: Unseen): string {
  const shown = value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value;
  return `${name} "${shown}": ${SAYS[certainty]}${proposalOf(near)}`;
}
