import type { SourceKey } from '../../src/model/observed-invocation.ts';
import { createHistory } from '../../src/simulator/create-history.ts';
import { noFaults } from '../../src/simulator/faults.ts';
import { createSite } from '../../src/simulator/fleet/create-site.ts';
import { DEFAULT_FLEET } from '../../src/simulator/fleet/fleet-options.ts';
import { noStats } from '../../src/simulator/stats.ts';
import { parseReply } from '../../src/upstream/replies/read-reply.ts';

/** The items of one reply, parsed but not yet observed: the collector has them in this form before it records them. */
export interface RawReply {
  source: SourceKey;
  items: unknown[];
}

export const OBSERVED_AT = '2026-03-15T12:00:00.000Z';
const REPLY_ITEMS = 50;

/**
 * The simulator's history, the same in each run, as replies of fifty invocations from its five sources in turn, without
 * HTTP. Each reply is made when it is asked for, and goes through JSON as a real reply does; none is kept in memory.
 * The replies cover the thirty days before `observedAt`.
 */
export function* generateReplies(invocations: number, observedAt = OBSERVED_AT): Generator<RawReply> {
  const places = DEFAULT_FLEET.accounts.flatMap(({ accountId, regions }) =>
    regions.map((region) => ({ accountId, region })),
  );
  // The history is slightly larger than asked for, because the sources' shares differ a little.
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
      const items = [];
      while (items.length < Math.min(REPLY_ITEMS, left)) {
        const { value, done } = records.next();
        if (done) break;
        items.push(value);
      }
      if (items.length === 0) continue;
      left -= items.length;
      const body = Buffer.from(JSON.stringify({ CommandInvocations: items }));
      yield { source, items: parseReply(body, 'ListCommandInvocations').items };
    }
    if (left === before) throw new Error('The simulated history is shorter than was asked for.');
  }
}
