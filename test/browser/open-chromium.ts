import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium. Playwright would download its own Chromium, which is a hundred times as large. */
export const CHROMIUM = '/usr/bin/chromium';

/** Why no browser can be tested here. With CI=true this is undefined, and tests that need a browser fail. */
export const NO_BROWSER =
  existsSync(CHROMIUM) || process.env.CI ? undefined : `needs ${CHROMIUM}: apt-get install chromium`;

export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });
}
