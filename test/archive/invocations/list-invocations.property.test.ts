import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionsOf, PRESENT } from '../../../src/archive/invocations/invocation-filter.ts';
import type { InvocationView } from '../../../src/archive/invocations/invocation-view.ts';
import {
  type InvocationPage,
  type ListingQuery,
  listInvocations,
} from '../../../src/archive/invocations/list-invocations.ts';
import { planListing, type SortMember } from '../../../src/archive/invocations/plan-listing.ts';
import { joined } from '../../../src/db/condition.ts';
import type { InvocationFilter } from '../../../src/questions/filters.ts';
import { COMMON_REGION, LARGE_VALUES, largeHistory, RARE_REGION } from '../large-history.ts';
import { arrivals, at, history, question, questionsOf } from '../listing-arbitraries.ts';
import type { Listed, Question, Reply } from '../listing-model.ts';
import { type ModelledArchive, openModelledArchive, withModelledArchive } from '../modelled-archive.ts';
import type { Search } from '../search-model.ts';

const MOST = 10_000;
const limits = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });
const largeLimits = fc.array(fc.integer({ min: 400, max: 2000 }), { minLength: 1, maxLength: 4 });

interface Moment {
  /** Everything that matched when the page was read; empty unless replies arrive between the pages. */
  matching: Listed[];
  page: InvocationPage;
}

/** Like toStrictEqual, but fast: toStrictEqual would take most of the time for pages of hundreds of rows. */
function expectEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

/**
 * Reads page after page, each with another limit, and lets a reply arrive after each. Returns what matched and what was
 * returned.
 */
function walk(archive: ModelledArchive, { query, search }: Question, sizes: readonly number[], coming: Reply[] = []) {
  const moments: Moment[] = [];
  let { after } = query;
  do {
    const pageQuery = { ...query, limit: sizes[moments.length % sizes.length] ?? 1, after };
    const page = listInvocations(archive.sqlite, pageQuery);
    expectEqual(page, archive.model.page({ query: pageQuery, search }));
    const reply = coming[moments.length];
    moments.push({ matching: coming.length > 0 ? archive.model.list({ query, search }) : [], page });
    after = page.next;
    if (reply) archive.record(reply);
  } while (after);
  return { moments, given: moments.flatMap(({ page }) => page.items) };
}

function keyOfView({ accountId, region, commandId, instanceId }: InvocationView): string {
  return JSON.stringify([accountId, region, commandId, instanceId]);
}

/** The keys of the rows that matched at every moment and kept their request time. */
function alwaysMatching(moments: readonly Moment[]): string[] {
  const [first, ...others] = moments.map(
    ({ matching }) => new Map(matching.map(({ view, value }) => [keyOfView(view), value])),
  );
  return [...(first ?? [])]
    .filter(([key, value]) => others.every((rows) => rows.get(key) === value))
    .map(([key]) => key);
}

/** The keys of all rows that match now, by a scan of the table. */
function scan({ sqlite }: ModelledArchive, { filter, sort, isDescending }: ListingQuery): unknown[] {
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  const way = isDescending ? 'DESC' : 'ASC';
  const column = sort === 'requestedAt' ? 'requested_at' : 'changed_at';
  const rows = sqlite.prepare(
    `SELECT json_array(account_id, region, command_id, instance_id) FROM invocations i NOT INDEXED WHERE ${sql} ORDER BY ${column} ${way}, id ${way}`,
  );
  return rows.pluck().all(...params);
}

/** The keys of all rows that match now, by the plan that the listing chooses. */
function planned({ sqlite }: ModelledArchive, query: ListingQuery): string[] {
  const whole = { ...query, after: undefined, asOf: undefined, limit: MOST, include: 'none' } as const;
  return listInvocations(sqlite, whole).items.map(keyOfView);
}

describe('a listing, compared with a plain search through all states', () => {
  it('returns exactly the requested page: rows, order, members, and where the next page begins', () => {
    fc.assert(
      fc.property(history, fc.array(question, { minLength: 1, maxLength: 25, size: 'max' }), (replies, questions) => {
        withModelledArchive(replies, (archive) => {
          for (const asked of questions) {
            expectEqual(listInvocations(archive.sqlite, asked.query), archive.model.page(asked));
            expectEqual(planned(archive, asked.query), scan(archive, asked.query));
          }
        });
      }),
      { numRuns: 30 },
    );
  });

  it('returns every row once over all of its pages, whatever their limits', () => {
    fc.assert(
      fc.property(history, question, limits, (replies, asked, sizes) => {
        withModelledArchive(replies, (archive) => {
          const whole: Question = { ...asked, query: { ...asked.query, include: 'outputs' } };
          expectEqual(
            walk(archive, whole, sizes).given,
            archive.model.list(whole).map(({ view }) => view),
          );
        });
      }),
      { numRuns: 30 },
    );
  });

  it('neither skips nor repeats rows if sorted by request time, while other rows arrive and change', () => {
    fc.assert(
      fc.property(history, arrivals, question, limits, (replies, coming, asked, sizes) => {
        withModelledArchive(replies, (archive) => {
          const query: ListingQuery = { ...asked.query, sort: 'requestedAt', asOf: undefined };
          const { moments, given } = walk(archive, { ...asked, query }, sizes, coming);
          const keys = given.map(keyOfView);
          for (const key of alwaysMatching(moments)) expect(keys.filter((other) => other === key)).toEqual([key]);
          const positions = given.map((view) => `${keyOfView(view)} ${view.requestedAt}`);
          expect(new Set(positions).size).toBe(positions.length);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('returns every row in its last state before the listing ends, if sorted by change time, oldest first', () => {
    fc.assert(
      fc.property(history, arrivals, question, limits, (replies, coming, asked, sizes) => {
        withModelledArchive(replies, (archive) => {
          const ascending = { sort: 'changedAt', isDescending: false, asOf: undefined, include: 'outputs' } as const;
          const query: ListingQuery = { ...asked.query, ...ascending };
          const { moments, given } = walk(archive, { ...asked, query }, sizes, coming);
          const atItsEnd = moments.at(-1)?.matching.map(({ view }) => view) ?? [];
          const last = new Map(given.map((view) => [keyOfView(view), view]));
          expectEqual(
            atItsEnd.map((view) => last.get(keyOfView(view))),
            atItsEnd,
          );
          const positions = given.map((view) => `${keyOfView(view)} ${view.changedAt}`);
          expect(new Set(positions).size).toBe(positions.length);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('returns the same for a past time, whatever arrives between its pages', () => {
    const past = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(history, arrivals, question, past, limits, (replies, coming, asked, minute, sizes) => {
        withModelledArchive(replies, (archive) => {
          const whole: Question = { ...asked, query: { ...asked.query, asOf: at(minute), include: 'outputs' } };
          const before = archive.model.list(whole).map(({ view }) => view);
          expectEqual(walk(archive, whole, sizes, coming).given, before);
          for (const reply of coming) archive.record(reply);
          expectEqual(walk(archive, whole, sizes).given, before);
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('a listing of an archive with common and rare values', () => {
  let archive: ModelledArchive;
  beforeAll(() => {
    archive = openModelledArchive(largeHistory());
  });
  afterAll(() => archive.close());

  const largeQuestion = questionsOf(LARGE_VALUES);
  const commonCode = { responseCode: { operator: '>', code: 0 } } as const;
  const rareCode = { responseCode: { operator: '>', code: 2 } } as const;
  const common: Search = { kind: 'word', text: 'alpha' };
  const rare: Search = { kind: 'beginning', text: 'delt' };
  const byStatus = 'invocations_status+invocations_status_details';
  const ways: [ways: string, sort: SortMember, filter: InvocationFilter, search?: Search][] = [
    ['invocations_requested_at', 'requestedAt', {}],
    ['invocations_requested_at', 'requestedAt', { status: ['Success'] }],
    ['invocations_requested_at', 'requestedAt', { region: COMMON_REGION }],
    ['invocations_requested_at', 'requestedAt', { pluginName: 'a' }],
    ['invocations_requested_at', 'requestedAt', { ...commonCode }],
    ['invocations_requested_at', 'requestedAt', { q: '"alpha"' }, common],
    ['invocations_changed_at', 'changedAt', {}],
    ['invocations_changed_at', 'changedAt', { commandId: 'c-all' }],
    ['invocations_changed_at', 'changedAt', { instanceId: 'i-all' }],
    ['invocations_changed_at', 'changedAt', { status: ['Failed'] }],
    ['invocations_changed_at', 'changedAt', { documentName: 'AWS-RunShellScript', ...commonCode }],
    ['invocations_key', 'requestedAt', { commandId: 'c-all' }],
    ['invocations_key', 'changedAt', { commandId: 'c-1' }],
    ['invocations_instance', 'requestedAt', { instanceId: 'i-all' }],
    ['invocations_instance', 'changedAt', { instanceId: 'i-30', documentName: 'AWS-RunShellScript' }],
    [byStatus, 'requestedAt', { status: ['Failed'] }],
    [byStatus, 'requestedAt', { status: ['Failed'], documentName: 'AWS-RunShellScript' }],
    [byStatus, 'changedAt', { status: ['DeliveryTimedOut'] }],
    ['invocations_document', 'requestedAt', { documentName: 'AWS-RunPatchBaseline' }],
    ['invocations_document', 'changedAt', { documentName: 'AWS-RunPatchBaseline' }],
    ['invocations_account', 'requestedAt', { account: LARGE_VALUES.accounts[1], region: COMMON_REGION }],
    ['invocations_account', 'changedAt', { account: LARGE_VALUES.accounts[0] }],
    ['invocations_account', 'requestedAt', { region: RARE_REGION, comment: 'a' }],
    ['steps', 'requestedAt', { ...rareCode, documentName: 'AWS-RunShellScript' }],
    ['steps', 'changedAt', { pluginName: 'a', q: '"delt"*' }, rare],
    ['', 'requestedAt', { region: 'eu' }],
  ];
  it.each(ways)(
    'reads the index "%s", or none, if it is sorted by %s with the filter %j',
    (expected, sort, filter, search) => {
      const indexes = planListing(archive.sqlite, filter, sort).map(({ from }) => /\w+$/.exec(from)?.[0]);
      expect([...new Set(indexes)].join('+').replace(/^i$/, 'steps')).toBe(expected);
      const asked = [
        { isDescending: true, asOf: undefined },
        { isDescending: false, asOf: at(4) },
        { isDescending: true, asOf: at(8) },
      ];
      for (const each of asked) {
        const query: ListingQuery = { filter, sort, limit: MOST, include: 'none', ...each };
        const { given } = walk(archive, { query, search }, [700, MOST]);
        expect(given).toHaveLength(archive.model.list({ query, search }).length);
      }
    },
  );

  it('returns exactly the requested page, with the same rows as a scan of the table', () => {
    fc.assert(
      fc.property(largeQuestion, (asked) => {
        expectEqual(listInvocations(archive.sqlite, asked.query), archive.model.page(asked));
        expectEqual(planned(archive, asked.query), scan(archive, asked.query));
      }),
      { numRuns: 25 },
    );
  });

  it('returns every row once over all of its pages, whatever their limits', () => {
    fc.assert(
      fc.property(largeQuestion, largeLimits, (asked, sizes) => {
        const keys = walk(archive, asked, sizes).given.map(keyOfView);
        expectEqual(
          keys,
          archive.model.list(asked).map(({ view }) => keyOfView(view)),
        );
      }),
      { numRuns: 15 },
    );
  });
});
