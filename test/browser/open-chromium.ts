import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's. Playwright would bring one of its own, which is a hundred times as much to download. */
export const CHROMIUM = '/usr/bin/chromium';

/** Why no browser can be tested here; with CI=true that is no reason, and what needs one fails. */
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
