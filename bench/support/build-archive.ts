import { createPageRecorder } from '../../src/archive/record-page.ts';
import { openArchive } from '../../src/db/open.ts';
import { DAY_MS, isoFromMs } from '../../src/lib/time.ts';
import { observeInvocation } from '../../src/upstream/observe-invocation.ts';
import { generatePages, OBSERVED_AT } from './generate-pages.ts';

const MONTHS = 3;

/**
 * Makes an archive of a quarter of the simulator's history: a third of the invocations in each thirty days. Faster than
 * collecting, since it waits for no disk; the file is the same.
 */
export function buildArchive(path: string, invocations: number, say: (line: string) => void): void {
  const db = openArchive(path);
  db.sqlite.pragma('synchronous = OFF');
  const record = createPageRecorder(db.sqlite);
  let done = 0;
  for (let month = MONTHS - 1; month >= 0; month--) {
    const observedAt = isoFromMs(Date.parse(OBSERVED_AT) - month * 30 * DAY_MS);
    for (const { source, items } of generatePages(Math.ceil(invocations / MONTHS), observedAt)) {
      record({ source, observed: items.map(observeInvocation), observedAt });
      done += items.length;
      if (done % 100_000 < items.length) say(`${done} of ${invocations} invocations`);
    }
  }
  db.close();
}
