import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { CONSOLE_PAGES } from './console-pages.ts';
import { startSimulatedConsole } from './consoles/simulated-console.ts';
import type { Server } from './consoles/start-server.ts';
import { createVisitor } from './create-visitor.ts';
import { openChromium } from './open-chromium.ts';

// `npm run images [-- folder [page…]]` makes images of pages as they first appear: light in a wide window, and dark on
// a telephone. Pages and variants that the call names get all four images: light and dark, in both sizes.

const WIDTHS = { wide: { width: 1024, height: 700 }, narrow: { width: 390, height: 700 } };
/** All four images of each page would be 2.5 MB. */
const USUAL = [
  ['wide', 'light'],
  ['narrow', 'dark'],
] as const;
const ALL = [...USUAL, ['wide', 'dark'], ['narrow', 'light']] as const;
/** The quality of WebP, of at most 100: letters are as sharp as at 90, and all images together take at most 2 MB. */
const QUALITY = 60;
const MOST_BYTES = 2_000_000;

const [folder = join('docs', 'images'), ...names] = process.argv.slice(2);
const pages = CONSOLE_PAGES.filter(({ name, isVariant }) => (names.length === 0 ? !isVariant : names.includes(name)));
if (names.length === 0) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const looks = names.length === 0 ? USUAL : ALL;
const browser = await openChromium();
try {
  const server = await startSimulatedConsole({ isVerified: true });
  try {
    const bytes = await makeImages(browser, server);
    console.log(`${pages.length * looks.length} images in ${folder}: ${Math.round(bytes / 1000)} kB.`);
    if (bytes > MOST_BYTES) process.exitCode = 1;
  } finally {
    await server.stop();
  }
} finally {
  await browser.close();
}

/** Returns the size of all images together. */
async function makeImages(browser: Browser, server: Server): Promise<number> {
  let bytes = 0;
  for (const [width, colorScheme] of looks) {
    const visitor = await createVisitor(browser, server, { viewport: WIDTHS[width], colorScheme });
    const session = await visitor.page.context().newCDPSession(visitor.page);
    for (const one of pages) {
      await visitor.visit(one);
      // Makes WebP images, which are a third of the size of a PNG. Playwright itself cannot make them.
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
      const image = Buffer.from(data, 'base64');
      bytes += image.length;
      writeFileSync(join(folder, `console-${one.name}-${colorScheme}-${width}.webp`), image);
    }
    await visitor.leave();
  }
  return bytes;
}
