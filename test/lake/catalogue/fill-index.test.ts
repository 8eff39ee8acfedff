import { describe, expect, it } from 'vitest';
import { readStats } from '../../../src/archive/figures/read-stats.ts';
import type { InvocationView } from '../../../src/archive/invocations/invocation-view.ts';
import type { ListingQuery, Position } from '../../../src/archive/invocations/list-invocations.ts';
import type { SealedDays } from '../../../src/archive/sealed/sealed-days.ts';
import { exportAllInvocations } from '../../../src/archive/whole/export-all-invocations.ts';
import { listAllInvocations } from '../../../src/archive/whole/list-all-invocations.ts';
import { readInvocation } from '../../../src/archive/whole/read-invocation.ts';
import { listAllRevisions } from '../../../src/archive/whole/read-states.ts';
import { connectToRead } from '../../../src/db/reading/connect-to-read.ts';
import { openSealedDays } from '../../../src/lake/read/open-sealed-days.ts';
import { onTestEnd } from '../../on-test-end.ts';
import { placeOf } from '../place-of.ts';
import { indexOf } from './index-of.ts';
import { lakeOfTwo } from './lake-of-two.ts';

type Query = Omit<ListingQuery, 'limit' | 'after'>;
const NEWEST: Query = { filter: {}, sort: 'requestedAt', isDescending: true, include: 'outputs', asOf: undefined };
const QUERIES: Readonly<Record<string, Query>> = {
  'the newest first': NEWEST,
  'the oldest first': { ...NEWEST, isDescending: false },
  'the last changed first': { ...NEWEST, sort: 'changedAt' },
  'the failed ones': { ...NEWEST, filter: { status: ['Failed'] } },
  'those of one document': { ...NEWEST, filter: { documentName: 'AWS-RunShellScript' } },
  'those with an exit code': { ...NEWEST, filter: { responseCode: { operator: '<>', code: 0 } } },
};

/** What reads a file with the sealed days of a lake, until the test ends. */
function reading(path: string, location: string) {
  const connect = () => connectToRead(path, 'usual', 5000);
  const sqlite = connect();
  const sealed = openSealedDays({ place: placeOf(location), connect });
  onTestEnd(async () => {
    sealed.close();
    sqlite.close();
  });
  return { sqlite, sealed };
}

/** Two archives that have sealed all of their days, and the index of their lake. */
async function readIndexed() {
  const lake = await lakeOfTwo({ invocations: 16, sealed: Number.POSITIVE_INFINITY });
  return { ...lake, whole: reading(await indexOf(lake), lake.location) };
}

type Reading = { sqlite: ReturnType<typeof connectToRead>; sealed: SealedDays };

async function pagesOf({ sqlite, sealed }: Reading, query: Query, limit = 7): Promise<InvocationView[]> {
  const items: InvocationView[] = [];
  for (let after: Position | undefined; ; ) {
    const page = await listAllInvocations(sqlite, { ...query, limit, after }, sealed);
    items.push(...page.items);
    if (page.next === undefined) return items;
    after = page.next;
  }
}

const keyOf = ({ accountId, region, commandId, instanceId }: InvocationView) => ({
  ...{ accountId, region, commandId, instanceId },
});

describe('an index of a lake of two archives', () => {
  it('answers each list, page by page, with what the two archives answer together', async () => {
    const { whole, location, archives } = await readIndexed();
    const each = archives.map(({ sqlite }) => reading(sqlite.name, location));
    for (const [what, query] of Object.entries(QUERIES)) {
      const items = await pagesOf(whole, query);
      const expected = (await Promise.all(each.map((one) => pagesOf(one, query)))).flat();
      expect(items.length, what).toBeGreaterThan(0);
      const sorted = (list: InvocationView[]) =>
        [...list].sort((a, b) => (JSON.stringify(keyOf(a)) < JSON.stringify(keyOf(b)) ? -1 : 1));
      expect(sorted(items), what).toEqual(sorted(expected));
      const member = query.sort;
      const times = items.map((item) => String(item[member]));
      expect(times, what).toEqual([...times].sort((a, b) => (a < b ? -1 : 1) * (query.isDescending ? -1 : 1)));
    }
  });

  it('has each invocation with its states, whose leaves say of which archive they are', async () => {
    const { whole, location, archives } = await readIndexed();
    for (const [n, { sqlite }] of archives.entries()) {
      const own = reading(sqlite.name, location);
      const first = n === 0 ? 0 : 7 * 2 ** 40;
      for (const item of await pagesOf(own, NEWEST)) {
        const key = keyOf(item);
        expect(await readInvocation(whole.sqlite, { key }, whole.sealed)).toEqual(
          await readInvocation(own.sqlite, { key }, own.sealed),
        );
        const asked = { key, limit: 100, after: undefined };
        const states = await listAllRevisions(whole.sqlite, asked, whole.sealed);
        const expected = await listAllRevisions(own.sqlite, asked, own.sealed);
        expect(states?.items.length).toBeGreaterThan(0);
        expect(states?.items).toEqual(
          expected?.items.map((state) => ({ ...state, seq: state.seq + first, leaf: state.leaf + first })),
        );
      }
    }
  });

  it('exports the invocations of both in the order of the list', async () => {
    const { whole } = await readIndexed();
    const chunks: string[] = [];
    const input = { ...NEWEST, format: 'ndjson' as const, csvForm: 'safe' as const };
    const tools = { note() {}, push: (chunk: Uint8Array) => void chunks.push(Buffer.from(chunk).toString()) };
    await exportAllInvocations(whole.sqlite, input, tools, whole.sealed);
    const lines = chunks
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => keyOf(JSON.parse(line)));
    expect(lines).toEqual((await pagesOf(whole, NEWEST)).map(keyOf));
  });

  it('counts by day, account and status what both have', async () => {
    const { whole } = await readIndexed();
    const items = await pagesOf(whole, NEWEST);
    const rows = readStats(whole.sqlite, { filter: {}, groupBy: ['account', 'status'], withDurations: false });
    const counted = new Map<string, number>();
    for (const { accountId, status } of items)
      counted.set(`${accountId} ${status}`, (counted.get(`${accountId} ${status}`) ?? 0) + 1);
    expect(new Map(rows.map((row) => [`${row.account} ${row.status}`, Number(row.count)]))).toEqual(counted);
  });
});
