import type { PageTally, RecordedPage } from '../../archive/record/record-page.ts';

/** How long a page may wait for others: shorter than a page takes to come from the service. */
const WAIT_MS = 10;
/** So many pages make a transaction of about a tenth of a second: no other writer waits longer. */
const MOST_PAGES = 20;

interface Waiting {
  page: RecordedPage;
  resolve(tally: PageTally): void;
  reject(error: unknown): void;
}

/**
 * Records pages that arrive at about the same time in one transaction, since each transaction costs a wait for the
 * disk. The promise resolves once its page is on the disk. If the transaction fails, all of its pages reject: none of
 * them was written.
 */
export function createPageWriter(
  recordPages: (pages: readonly RecordedPage[]) => PageTally[],
): (page: RecordedPage) => Promise<PageTally> {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const pages = waiting;
    waiting = [];
    try {
      const tallies = recordPages(pages.map(({ page }) => page));
      for (const [n, { page, resolve }] of pages.entries())
        resolve(tallies[n] ?? { seen: page.observed.length, added: 0, changed: 0, changedAfterEnd: 0 });
    } catch (error) {
      for (const { reject } of pages) reject(error);
    }
  }

  return (page) =>
    new Promise((resolve, reject) => {
      waiting.push({ page, resolve, reject });
      if (waiting.length >= MOST_PAGES) flush();
      else timer ??= setTimeout(flush, WAIT_MS);
    });
}
