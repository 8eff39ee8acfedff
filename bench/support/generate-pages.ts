import type { SourceKey } from '../../src/model/observed-invocation.ts';
import { createHistory } from '../../src/simulator/create-history.ts';
import { noFaults } from '../../src/simulator/faults.ts';
import { createSite } from '../../src/simulator/fleet/create-site.ts';
import { DEFAULT_FLEET } from '../../src/simulator/fleet/fleet-options.ts';
import { noStats } from '../../src/simulator/stats.ts';
import { parseReply } from '../../src/upstream/replies/read-reply.ts';

/** The items of one reply as the collector has them before it records: only parsed. */
export interface RawPage {
  source: SourceKey;
  items: unknown[];
}

export const OBSERVED_AT = '2026-03-15T12:00:00.000Z';
const PAGE_ITEMS = 50;

/**
 * Yields the simulator's history, the same each time, as pages of fifty from its five sources one after another,
 * without HTTP. It is of the thirty days before `observedAt`. Each page goes through JSON, as a reply does, and is made
 * when it is asked for, so none is held.
 */
export function* generatePages(invocations: number, observedAt = OBSERVED_AT): Generator<RawPage> {
  const places = DEFAULT_FLEET.accounts.flatMap(({ accountId, regions }) =>
    regions.map((region) => ({ accountId, region })),
  );
  // Slightly more than asked for, since the sources' shares differ a little.
  const fleet = { ...DEFAULT_FLEET, invocations: invocations * 1.1 + 5000 };
  const sites = places.map((place, index) => createSite(fleet, { ...place, index, count: places.length }));
  const history = createHistory(sites, fleet, {
    faults: noFaults(),
    stats: noStats(),
    now: () => new Date(observedAt),
    random: Math.random,
  });
  const listings = places.map((source) => ({ source, records: history.truth(source)[Symbol.iterator]() }));
  let left = invocations;
  while (left > 0) {
    const before = left;
    for (const { source, records } of listings) {
      const page = [];
      while (page.length < Math.min(PAGE_ITEMS, left)) {
        const { value, done } = records.next();
        if (done) break;
        page.push(value);
      }
      if (page.length === 0) continue;
      left -= page.length;
      const reply = Buffer.from(JSON.stringify({ CommandInvocations: page }));
      yield { source, items: parseReply(reply, 'ListCommandInvocations').items };
    }
    if (left === before) throw new Error('The simulated history is shorter than was asked for.');
  }
}
