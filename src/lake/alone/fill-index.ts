import type { Database } from 'better-sqlite3';
import { INDEX_TABLE } from '../../archive/sealed/lake-index.ts';
import type { SealedObject } from '../../archive/sealed/read-sealed-days.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { DAY_MS, dayAfter, isoFromMs } from '../../lib/time.ts';
import { mergeSpans, type Span, uncoveredSpans } from '../../model/coverage/spans.ts';
import type { ManifestContent, ProvedDay } from './prove-manifest.ts';
import type { ArchiveInLake, Catalogue } from './read-catalogue.ts';

/** What an index has besides the tables of an archive. Its triggers protect an archive's proofs, which an index has not. */
const SCHEMA = `
CREATE TABLE ${INDEX_TABLE} (archive INTEGER PRIMARY KEY, origin TEXT NOT NULL, sealed_to TEXT, signed_by TEXT) STRICT;
CREATE TABLE lake_months (archive INTEGER NOT NULL, month TEXT NOT NULL, object_json TEXT NOT NULL, PRIMARY KEY (archive, month)) STRICT;
`;
const FILLED = [INDEX_TABLE, 'lake_months', 'sealed_days', 'daily_counts', 'coverage'];
/** Where nothing is known of when invocations of a day changed, they may have changed at any time. */
const EVER = { first: '0001-01-01T00:00:00.000Z', last: '9999-12-31T23:59:59.999Z' };

/** Makes a new archive's file an index of a lake. */
export function beginIndex(sqlite: Database): void {
  const triggers = sqlite
    .prepare<[], string>("SELECT name FROM main.sqlite_schema WHERE type = 'trigger'")
    .pluck()
    .all();
  for (const name of triggers) sqlite.exec(`DROP TRIGGER "${name}"`);
  sqlite.exec(SCHEMA);
}

/** Replaces what an index has by what a lake has now, in one transaction. */
export function fillIndex(sqlite: Database, { archives }: Catalogue): void {
  sqlite
    .transaction(() => {
      for (const table of FILLED) sqlite.exec(`DELETE FROM main.${table}`);
      addArchives(sqlite, archives);
      addDays(sqlite, archives);
      addCounts(sqlite, archives);
      addCoverage(sqlite, archives);
    })
    .immediate();
}

function addArchives(sqlite: Database, archives: readonly ArchiveInLake[]): void {
  const add = sqlite.prepare<unknown[], unknown>(`INSERT INTO ${INDEX_TABLE} VALUES (?, ?, ?, ?)`);
  const addMonth = sqlite.prepare<unknown[], unknown>('INSERT OR REPLACE INTO lake_months VALUES (?, ?, ?)');
  for (const { archive, origin, days, signedBy } of archives) {
    const last = days.at(-1)?.content.day;
    add.run(archive, origin, last === undefined ? null : dayAfter(last), signedBy ?? null);
    // Of a month that was written several times, the one that was written last is in the lake.
    const inOrder = [...days].sort((a, b) => a.entrySeq - b.entrySeq);
    for (const { content } of inOrder)
      for (const object of content.commands) addMonth.run(archive, object.month, canonicalJson(object));
  }
}

/** A day has one row, with the objects of all archives that have rows of it. */
function addDays(sqlite: Database, archives: readonly ArchiveInLake[]): void {
  const add = sqlite.prepare<[object], unknown>(
    `INSERT INTO sealed_days (day, generation, entry_seq, tree_size, invocations, leaves, first_id, last_id, first_seq, last_seq,
       first_changed_at, last_changed_at, objects_json)
     VALUES (:day, :generation, 1, 1, :invocations, 0, 0, 0, 0, 0, :first, :last, :objects)`,
  );
  const byDay = new Map<string, ProvedDay[]>();
  for (const { days } of archives)
    for (const day of days) byDay.set(day.content.day, [...(byDay.get(day.content.day) ?? []), day]);
  for (const [day, ofArchives] of byDay) {
    const contents = ofArchives.map(({ content }) => content).filter((content) => invocationsOf(content) > 0);
    const changed = contents.map((content) => content.changed ?? EVER);
    add.run({
      day,
      generation: Math.max(...ofArchives.map(({ content }) => content.generation)),
      invocations: contents.reduce((sum, content) => sum + invocationsOf(content), 0),
      first: changed.map(({ first }) => first).sort()[0] ?? '',
      last:
        changed
          .map(({ last }) => last)
          .sort()
          .at(-1) ?? '',
      objects: canonicalJson(contents.flatMap(({ objects }): readonly SealedObject[] => objects)),
    });
  }
}

function invocationsOf({ objects }: ManifestContent): number {
  return objects.find(({ table }) => table === 'invocations')?.rows ?? 0;
}

function addCounts(sqlite: Database, archives: readonly ArchiveInLake[]): void {
  const add = sqlite.prepare<[object], unknown>(
    `INSERT INTO daily_counts (day, account_id, region, document_name, status, status_details, invocations)
     VALUES (:day, :accountId, :region, :documentName, :status, :statusDetails, :invocations)
     ON CONFLICT DO UPDATE SET invocations = invocations + excluded.invocations`,
  );
  for (const { content } of archives.flatMap(({ days }) => days))
    for (const count of content.counts) add.run({ day: content.day, ...count });
}

/** A manifest says what of its day was not listed; the rest was. */
function addCoverage(sqlite: Database, archives: readonly ArchiveInLake[]): void {
  const add = sqlite.prepare<[string, string, string, string], unknown>('INSERT INTO coverage VALUES (?, ?, ?, ?)');
  const spans = new Map<string, { accountId: string; region: string; covered: Span[] }>();
  for (const { days } of archives)
    for (const { content } of days)
      for (const { accountId, region, gaps } of content.coverage) {
        if (accountId === null || region === null) continue;
        const place = spans.get(`${accountId} ${region}`) ?? { accountId, region, covered: [] };
        spans.set(`${accountId} ${region}`, place);
        const from = Date.parse(content.day);
        const lacking = gaps.map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to) }));
        place.covered.push(...uncoveredSpans({ from, to: from + DAY_MS }, lacking));
      }
  for (const { accountId, region, covered } of spans.values())
    for (const { from, to } of mergeSpans(covered)) add.run(accountId, region, isoFromMs(from), isoFromMs(to));
}
