import type { UnseenValue } from '../../../../archive/values/find-never-seen.ts';
import { nounsOf, type OpenFilter } from '../../../../questions/filters.ts';
import { Text } from '../values/values.tsx';
import type { Ambiguous } from './resolve-ids.ts';

interface NeverSeenContent {
  unseen: readonly UnseenValue[];
  /** Typed texts with which several ids begin. They do not count as never seen. */
  ambiguous?: readonly Ambiguous[];
  /** Returns the address of the same page with another value for a filter. */
  pathOf(filter: OpenFilter, value: string): string;
}

/**
 * Shown above an empty list: the values that the archive does not have, how certain it is that the archive never had
 * them, and similar values.
 */
export function NeverSeen({ unseen, ambiguous = [], pathOf }: NeverSeenContent) {
  const misspelt = unseen.filter(({ filter }) => !ambiguous.some((one) => one.filter === filter));
  return (
    <>
      {ambiguous.map(({ filter, typed, examples }) => (
        <p class="note" data-ambiguous={filter}>
          Several {nounsOf(filter).none}s begin with “<Text of={typed} />
          ”, some of them: <Links filter={filter} values={examples} last=", " pathOf={pathOf} />.
        </p>
      ))}
      {misspelt.map((value) => (
        <p class="note" data-never-seen={value.filter}>
          <Sentence of={value} />
          {value.near.length > 0 && (
            <>
              {' '}
              Did you mean <Links filter={value.filter} values={value.near} last=" or " pathOf={pathOf} />?
            </>
          )}
        </p>
      ))}
    </>
  );
}

/**
 * Says only what is certain. If something was pruned, or if there is too much data to search, it does not call a value
 * never seen.
 */
function Sentence({ of: { filter, value, certainty } }: { of: UnseenValue }) {
  const { never, none } = nounsOf(filter);
  const quoted = (
    <>
      “<Text of={value} />”
    </>
  );
  if (certainty === 'never')
    return (
      <>
        The archive has never seen {never} {quoted}.
      </>
    );
  if (certainty === 'mayBePruned')
    return (
      <>
        The archive has no {none} {quoted} now; what was pruned may have had it.
      </>
    );
  return (
    <>
      What you asked for has no {none} {quoted}. Whether the archive has one elsewhere is not known: it is too large to
      look through.
    </>
  );
}

interface LinksContent extends Pick<NeverSeenContent, 'pathOf'> {
  filter: OpenFilter;
  values: readonly string[];
  last: string;
}

function Links({ filter, values, last, pathOf }: LinksContent) {
  return (
    <>
      {values.map((value, n) => (
        <>
          {n === 0 ? '' : n === values.length - 1 ? last : ', '}
          <a href={pathOf(filter, value)}>
            <Text of={value} />
          </a>
        </>
      ))}
    </>
  );
}
