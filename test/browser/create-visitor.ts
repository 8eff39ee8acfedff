import type { Browser, BrowserContextOptions } from 'playwright-core';
import { openArchiveReadOnly } from '../../src/db/open.ts';
import type { ConsolePage } from './console-page.ts';
import type { Server } from './consoles/start-server.ts';
import { type Watched, watchPage } from './watch-page.ts';

export const WIDE = { width: 1280, height: 800 };

/** A visitor who opens one page after another, without cookies or stored data from earlier pages. */
export interface Visitor extends Watched {
  /** Opens a page, and then what the `open` of its entry opens on it. Returns the page's path. */
  visit(page: ConsolePage): Promise<string>;
  leave(): Promise<void>;
}

/** Uses one tab for all pages: new tabs would take longer than all the tests together. */
export async function createVisitor(
  browser: Browser,
  server: Server,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light', ...options });
  const watched = await watchPage(await context.newPage());
  const archive = openArchiveReadOnly(server.archive);
  return {
    ...watched,
    async visit({ path, open }) {
      const at = typeof path === 'string' ? path : path(archive.sqlite);
      watched.begin();
      await watched.page.goto(server.url + at);
      await open?.(watched.page);
      return at;
    },
    async leave() {
      archive.close();
      await context.close();
    },
  };
}
