import type { Source } from '../../upstream/connect-source.ts';
import { Interrupted, ListingBounded, ListingExpired } from '../../upstream/errors.ts';
import type { CallCounts } from '../../upstream/replies/count-attempts.ts';
import type { ListReply } from '../../upstream/replies/read-reply.ts';
import { type Listing, requestOf } from '../plan/listing.ts';

/**
 * One call of a listing: its duration, and its reply. A call without a reply is the last one: its error is thrown next.
 */
export interface MadeCall {
  counts: CallCounts;
  reply?: ListReply;
}

/**
 * Yields each call of a listing, empty replies included, until a reply has no token: only that ends a listing. Throws
 * the errors of a call; ListingBounded if there are more replies than the listing may have; ListingExpired if a token
 * comes back that was used before, because following it would never end; and Interrupted between calls once the signal
 * aborts.
 */
export async function* listReplies(source: Source, listing: Listing, signal: AbortSignal): AsyncGenerator<MadeCall> {
  const request = requestOf(listing);
  const list = listing.operation === 'ListCommands' ? source.listCommands : source.listCommandInvocations;
  const { mostReplies = Number.POSITIVE_INFINITY } = listing;
  const usedTokens = new Set<string>();
  let nextToken: string | undefined;
  do {
    if (signal.aborted) throw new Interrupted();
    const counts: CallCounts = { calls: 0, throttles: 0, faults: 0 };
    let reply: ListReply;
    try {
      reply = await list({ ...request, nextToken }, counts);
    } catch (error) {
      yield { counts };
      throw error;
    }
    yield { counts, reply };
    nextToken = reply.nextToken;
    if (nextToken !== undefined) {
      if (usedTokens.has(nextToken)) throw new ListingExpired('The service sent the same token twice.');
      usedTokens.add(nextToken);
      if (usedTokens.size >= mostReplies)
        throw new ListingBounded(`The listing has more replies than the ${mostReplies} that it may have.`);
    }
  } while (nextToken !== undefined);
}
