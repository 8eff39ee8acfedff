import type { Page } from 'playwright-core';

/** What a page did, as its user would not see it, since `begin`. */
export interface Watched {
  page: Page;
  /** What it asked for, in its order. */
  requests(): string[];
  /** What came for it, as it came: compressed, with headers. */
  transferredBytes(): number;
  /** Errors of scripts and on the console, violations of its policy, dialogs. */
  complaints(): Promise<string[]>;
  /** How far what was seen already has moved without its user's doing, as Cumulative Layout Shift has it. */
  layoutShift(): Promise<number>;
  /** Forgets what was before. */
  begin(): void;
}

// Begins before the page does.
const RECORD = `
  window.watched = { shift: 0, violations: [] };
  document.addEventListener('securitypolicyviolation', (event) =>
    window.watched.violations.push(event.violatedDirective + ' forbids ' + (event.blockedURI || event.sample)));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.watched.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** Watches a page that has loaded nothing yet. Nothing is kept from one load to the next, as for who was never here. */
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
    // The browser says so of each page that answers with an error, as some are made to.
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
