import type { Database } from 'better-sqlite3';
import type { Page } from 'playwright-core';

/** A page of the console. What is added here is held to every budget, to WCAG and to the hostile archive, and has its images. */
export interface ConsolePage {
  name: string;
  /** Its address; where that is one thing's, of a thing that the archive has. */
  path: string | ((archive: Database) => string);
  /** What may be sent for it, compressed, in bytes; with how many requests. */
  mostBytes?: number;
  mostRequests?: number;
  /** How far it may move while it loads, where it can't but move. */
  mostShift?: number;
  /** What is opened on it before it is looked at. */
  open?: (page: Page) => Promise<void>;
  /** What that is: the rest of the page is another's here. */
  opened?: string;
  /** It shows nothing that the archive has. */
  isBare?: true;
  /** Of a page that has its images as another. */
  isVariant?: true;
}

/** Of most pages: the HTML, the stylesheet and the script. */
export const MOST_REQUESTS = 3;
export const MOST_BYTES = 60_000;
