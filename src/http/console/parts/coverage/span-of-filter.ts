import type { InvocationFilter } from '../../../../questions/filters.ts';
import type { CoveredSpan } from './read-covered.ts';

/**
 * The span of requested time, and the account and region, that a filter of invocations names. Coverage can be asked
 * only by these.
 */
export function spanOfFilter({ account, region, requestedAfter, requestedBefore }: InvocationFilter): CoveredSpan {
  return { accountId: account, region, from: requestedAfter, to: requestedBefore };
}
