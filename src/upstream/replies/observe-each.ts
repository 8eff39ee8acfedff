import { asMembers, asTime } from '../../model/read-member.ts';
import { ReplyUnreadable } from '../errors.ts';

/** An element of a good list that nothing can be filed under. */
export interface UnreadableElement {
  /** When it was requested, in epoch milliseconds, where it says that at least. */
  requestedMs: number | undefined;
}

/** The elements of a reply that can be filed; one that can't be costs itself, and neither the others nor the reply. */
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
