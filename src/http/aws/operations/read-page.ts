import type { Answer, Page, PageRequest } from '../command-history.ts';
import { type Listing, openNextToken, sealNextToken } from '../next-token.ts';

interface PageInput {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** The page size if MaxResults is absent. It is the largest allowed size. AWS's own default is not published. */
const DEFAULT_MAX_RESULTS = 50;

/**
 * Reads the page that a list request asks for: takes the position from its token, and makes the token of the next page.
 */
export async function readPage<Item>(
  tokenSecret: string,
  listing: Listing,
  { NextToken, MaxResults }: PageInput,
  read: (page: PageRequest) => Answer<Page<Item>>,
): Promise<{ items: readonly Item[]; token: { NextToken?: string }; coverage: string | undefined }> {
  const { items, nextCursor, coverage } = await read({
    limit: MaxResults ?? DEFAULT_MAX_RESULTS,
    ...(NextToken !== undefined && { cursor: openNextToken(tokenSecret, listing, NextToken) }),
  });
  if (nextCursor === undefined) return { items, token: {}, coverage };
  return { items, token: { NextToken: sealNextToken(tokenSecret, listing, nextCursor) }, coverage };
}
