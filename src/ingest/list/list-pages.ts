import { emptyTally, type Tally } from '../../archive/record/record-run.ts';
import type { Source } from '../../upstream/connect-source.ts';
import { Interrupted, ListingBounded, ListingExpired } from '../../upstream/errors.ts';
import type { ReplyPage } from '../../upstream/replies/read-reply.ts';
import { type Listing, requestOf } from '../plan/listing.ts';

interface PagesOptions {
  /** Receives the calls, throttles and faults of each page as they happen. */
  tally: Tally;
  /** The same, as an increment, once a page has come or failed. */
  onCounted(more: Tally): void;
  signal: AbortSignal;
}

/**
 * Each page, empty ones included, until the page without a token: only that ends a listing. Throws
 * ListingBounded where there are more pages than it may have; ListingExpired where a token comes back that was used before, since following it would never end; and Interrupted
 * between pages once the signal aborts.
 */
export async function* listPages(source: Source, listing: Listing, options: PagesOptions): AsyncGenerator<ReplyPage> {
  const { tally, onCounted, signal } = options;
  const request = requestOf(listing);
  const list = listing.operation === 'ListCommands' ? source.listCommands : source.listCommandInvocations;
  const { mostPages = Number.POSITIVE_INFINITY } = listing;
  const usedTokens = new Set<string>();
  let nextToken: string | undefined;
  do {
    if (signal.aborted) throw new Interrupted();
    const counts = { calls: 0, throttles: 0, faults: 0 };
    let page: ReplyPage;
    try {
      page = await list({ ...request, nextToken }, counts);
    } finally {
      Object.assign(tally, {
        calls: tally.calls + counts.calls,
        throttles: tally.throttles + counts.throttles,
        faults: tally.faults + counts.faults,
      });
      onCounted({ ...emptyTally(), ...counts });
    }
    yield page;
    nextToken = page.nextToken;
    if (nextToken !== undefined) {
      if (usedTokens.has(nextToken)) throw new ListingExpired('The service sent a token for the second time.');
      usedTokens.add(nextToken);
      if (usedTokens.size >= mostPages)
        throw new ListingBounded(`The listing has more than ${mostPages} pages, which is all that it may have.`);
    }
  } while (nextToken !== undefined);
}
