import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ListingQuery, listInvocations } from '../../../src/archive/invocations/list-invocations.ts';
import { listAllInvocations } from '../../../src/archive/whole/list-all-invocations.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { isoFromMs } from '../../../src/lib/time.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { openSealed } from '../../lake/open-sealed.ts';
import { daysOf, sealDeps } from '../../lake/sealed-archive.ts';
import { history, question, START_MS } from '../listing-arbitraries.ts';
import type { Reply } from '../listing-model.ts';
import { openModelledArchive } from '../modelled-archive.ts';

/** The minutes of the drawn histories are so many hours here, so that an archive has about three days. */
const STRETCH = 300;

function laterMs(ms: number): number {
  return START_MS + (ms - START_MS) * STRETCH;
}

function later<Time extends string | null | undefined>(time: Time): Time | string {
  return typeof time === 'string' ? isoFromMs(laterMs(Date.parse(time))) : time;
}

function stretchedReply({ observedAt, shown, ...reply }: Reply): Reply {
  return {
    ...reply,
    observedAt: isoFromMs(laterMs(Date.parse(observedAt))),
    shown: shown.map(({ state, ...one }) => ({
      ...one,
      state: { ...state, requestedMs: state.requestedMs === undefined ? undefined : laterMs(state.requestedMs) },
    })),
  };
}

function stretchedQuery({ filter, after, asOf, ...query }: ListingQuery): ListingQuery {
  const { requestedAfter, requestedBefore, changedAfter } = filter;
  return {
    ...query,
    asOf: later(asOf),
    after: after && [later(after[0]), after[1]],
    filter: {
      ...filter,
      requestedAfter: later(requestedAfter),
      requestedBefore: later(requestedBefore),
      changedAfter: later(changedAfter),
    },
  };
}

it('a page of an archive is the same before and after its days are sealed, whatever is asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.array(question, { minLength: 20, maxLength: 40, size: 'max' }),
      fc.integer({ min: 1, max: 5 }),
      async (replies, questions, most) => {
        const archive = openModelledArchive(replies.map(stretchedReply));
        const { sqlite } = archive;
        try {
          bringIntoLedger(sqlite);
          const queries = questions.map(({ query }) => stretchedQuery(query));
          const before = queries.map((query) => listInvocations(sqlite, query));
          const lake = join(tempFolder(), 'lake');
          const deps = await sealDeps(sqlite.name, openFolderStore(lake));
          for (const day of daysOf(sqlite).slice(0, most)) await sealDay(deps, day);
          const sealed = openSealed(sqlite, lake);
          for (const [n, query] of queries.entries())
            expect({ query, page: await listAllInvocations(sqlite, query, sealed) }).toEqual({
              query,
              page: before[n],
            });
          sealed.close();
          deps.sqlite.close();
        } finally {
          archive.close();
        }
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
}, 240_000);
