import type { Database } from 'better-sqlite3';
import type { Page } from 'playwright-core';

/**
 * A page of the console. Tests check each page against its budgets, against WCAG and on the hostile archive. Images are
 * made of each page that is not a variant.
 */
export interface ConsolePage {
  name: string;
  /** The page's address. If the page is about one invocation, node or other thing, the archive has that thing. */
  path: string | ((archive: Database) => string);
  /** How many compressed bytes may be sent for the page, and in how many requests. */
  mostBytes?: number;
  mostRequests?: number;
  /** How far the page may move while it loads, for a page that can't avoid moving. */
  mostShift?: number;
  /** Opens something on the page before the page is checked. */
  open?: (page: Page) => Promise<void>;
  /** A selector of the part that `open` opened, if the rest of the page belongs to another entry. */
  opened?: string;
  /** Whether the page shows no data from the archive. */
  isBare?: true;
  /** This page has no images of its own, because another page's images show the same. */
  isVariant?: true;
}

/** The budget of most pages: the HTML, the stylesheet and the script. */
export const MOST_REQUESTS = 3;
export const MOST_BYTES = 60_000;
