import type { InvocationFilter } from '../../../../questions/filters.ts';
import type { CoveredSpan } from './read-covered.ts';

/** The span, account and region in a filter of invocations. Coverage does not depend on any other filter. */
export function spanOfFilter({ account, region, requestedAfter, requestedBefore }: InvocationFilter): CoveredSpan {
  return { accountId: account, region, from: requestedAfter, to: requestedBefore };
}
