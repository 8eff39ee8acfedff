import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { startEmptyConsole } from './consoles/empty-console.ts';
import { startHostileConsole } from './consoles/hostile-console.ts';
import { type SimulatedConsole, startSimulatedConsole } from './consoles/simulated-console.ts';
import type { Server } from './consoles/start-server.ts';
import { WIDE } from './create-visitor.ts';
import { openChromium } from './open-chromium.ts';

/** How long anything may take to appear. A busy machine is slow, but a test must not wait for ever. */
const PATIENCE_MS = 10_000;
/** A time zone that is not UTC, for the browser's clock. */
export const TIME_ZONE = 'Asia/Tokyo';

/** One browser, and the servers whose pages it opens. */
export interface BrowserTrial {
  readonly browser: Browser;
  /** The console on the archive of a simulated month. */
  readonly console: SimulatedConsole;
  /** The console on an archive in which every text is an attack. */
  readonly hostile: Server;
  /** The console on an archive that has nothing yet. */
  readonly empty: Server;
  /**
   * A new visitor's tab at the console. All calls without options share one tab, because opening a tab takes a second.
   */
  openTab(options?: BrowserContextOptions): Promise<Page>;
}

/**
 * Starts the browser and the servers once for all tests of the `describe` that calls this, because the start takes
 * longer than most tests.
 */
export function browserTrial(): BrowserTrial {
  let started: { browser: Browser; console: SimulatedConsole; hostile: Server; empty: Server } | undefined;
  let usual: Page | undefined;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const starting = [openChromium(), startSimulatedConsole(), startHostileConsole(), startEmptyConsole()] as const;
    ends.push(
      () => starting[0].then((browser) => browser.close()),
      () => starting[1].then((server) => server.stop()),
      () => starting[2].then((server) => server.stop()),
      () => starting[3].then((server) => server.stop()),
    );
    const [browser, console, hostile, empty] = await Promise.all(starting);
    started = { browser, console, hostile, empty };
  });
  // Even if the browser or a server did not start, the others may run, so all are stopped.
  afterAll(() => Promise.allSettled(ends.map((end) => end())));
  const running = () => {
    if (!started) throw new Error('The browser has not started.');
    return started;
  };
  const newPage = async (options: BrowserContextOptions) => {
    const { browser, console } = running();
    const own = {
      viewport: WIDE,
      baseURL: console.url,
      timezoneId: TIME_ZONE,
      colorScheme: 'light',
      ...options,
    } as const;
    const context = await browser.newContext(own);
    context.setDefaultTimeout(PATIENCE_MS);
    return context.newPage();
  };
  return {
    get browser() {
      return running().browser;
    },
    get console() {
      return running().console;
    },
    get hostile() {
      return running().hostile;
    },
    get empty() {
      return running().empty;
    },
    async openTab(options) {
      if (options) {
        const page = await newPage(options);
        onTestFinished(() => page.context().close());
        return page;
      }
      usual ??= await newPage({});
      await usual.context().clearCookies();
      await usual.emulateMedia({ media: 'screen' });
      return usual;
    },
  };
}
