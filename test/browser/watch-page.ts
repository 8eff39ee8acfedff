import type { Page } from 'playwright-core';

/** What a page has done since `begin` without its user seeing it. */
export interface Watched {
  page: Page;
  /** The requests of the page, in order. */
  requests(): string[];
  /** The replies as they came: compressed, with headers. */
  transferredBytes(): number;
  /** Errors of scripts and on the console, violations of the policy, and dialogs. */
  complaints(): Promise<string[]>;
  /** How far visible content has moved although the user did nothing, measured as Cumulative Layout Shift. */
  layoutShift(): Promise<number>;
  /** Forgets everything that was recorded before. */
  begin(): void;
}

// Runs before the page's own scripts.
const RECORD = `
  window.watched = { shift: 0, violations: [] };
  document.addEventListener('securitypolicyviolation', (event) =>
    window.watched.violations.push(event.violatedDirective + ' forbids ' + (event.blockedURI || event.sample)));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.watched.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** Watches a page that has loaded nothing yet. Nothing is cached from one load to the next, as for a new visitor. */
export async function watchPage(page: Page): Promise<Watched> {
  let requests: string[] = [];
  let complaints: string[] = [];
  let transferred = 0;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    transferred += encodedDataLength;
  });
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // The browser logs this for each page that answers with an error, as some pages must.
    const isOfAnswer = message.location().url === page.url() && message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isOfAnswer) complaints.push(message.text());
  });
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(RECORD);
  return {
    page,
    requests: () => requests,
    transferredBytes: () => transferred,
    complaints: async () => [...complaints, ...(await page.evaluate<string[]>('window.watched.violations'))],
    layoutShift: () => page.evaluate<number>('window.watched.shift'),
    begin() {
      requests = [];
      complaints = [];
      transferred = 0;
    },
  };
}
