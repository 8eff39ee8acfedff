import { asMembers, asTime } from '../../model/read-member.ts';
import { ReplyUnreadable } from '../errors.ts';

/** An element that can't be stored; other elements of its list can. */
export interface UnreadableElement {
  /** The element's request time, in epoch milliseconds, if at least that is readable. */
  requestedMs: number | undefined;
}

/**
 * Returns the elements of a reply that can be stored, and the ones that can't. One bad element affects neither the
 * others nor the reply.
 */
export function observeEach<Observed>(
  items: readonly unknown[],
  observe: (item: unknown) => Observed,
): { observed: Observed[]; unreadable: UnreadableElement[] } {
  const observed: Observed[] = [];
  const unreadable: UnreadableElement[] = [];
  for (const item of items) {
    try {
      observed.push(observe(item));
    } catch (error) {
      if (!(error instanceof ReplyUnreadable)) throw error;
      const requestedAt = asTime(asMembers(item)?.RequestedDateTime);
      unreadable.push({ requestedMs: requestedAt === null ? undefined : Date.parse(requestedAt) });
    }
  }
  return { observed, unreadable };
}
