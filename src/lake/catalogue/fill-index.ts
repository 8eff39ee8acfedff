import type { Database } from 'better-sqlite3';
import { ensureDictionary } from '../../archive/record/ensure-dictionary.ts';
import { INDEX_TABLE } from '../../archive/sealed/lake-index.ts';
import type { SealedDay, SealedObject } from '../../archive/sealed/read-sealed-days.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { DAY_MS, isoFromMs } from '../../lib/time.ts';
import { mergeSpans, type Span, uncoveredSpans } from '../../model/coverage/spans.ts';
import { keyOfDay } from '../tables/object-key.ts';
import type { Catalogue, CatalogueDay } from './catalogue.ts';

/** What an index has besides the tables of an archive. */
const SCHEMA = `
CREATE TABLE ${INDEX_TABLE} (archive INTEGER PRIMARY KEY, sealed_to TEXT) STRICT;
CREATE TABLE lake_months (archive INTEGER NOT NULL, month TEXT NOT NULL, object_json TEXT NOT NULL,
  PRIMARY KEY (archive, month)) STRICT;
`;
const FILLED = [INDEX_TABLE, 'lake_months', 'sealed_days', 'daily_counts', 'coverage'];

/**
 * Makes the file of a new archive an index of a lake. The triggers go that keep an archive's proofs: an index is filled
 * again and again.
 */
export function beginIndex(sqlite: Database): void {
  const triggers = sqlite.prepare<[], string>("SELECT name FROM main.sqlite_schema WHERE type = 'trigger'").pluck();
  for (const name of triggers.all()) sqlite.exec(`DROP TRIGGER "${name}"`);
  sqlite.exec(SCHEMA);
  ensureDictionary(sqlite);
}

/** Replaces what an index has by what a lake has now, in one transaction. */
export function fillIndex(sqlite: Database, catalogue: Catalogue): void {
  sqlite
    .transaction(() => {
      for (const table of FILLED) sqlite.exec(`DELETE FROM main.${table}`);
      addArchives(sqlite, catalogue);
      addDays(sqlite, catalogue);
      addCounts(sqlite, catalogue);
      addCoverage(sqlite, catalogue);
    })
    .immediate();
}

type SealedInLake = Extract<CatalogueDay, { state: 'sealed' }>;

function sealedOf(days: readonly CatalogueDay[]): SealedInLake[] {
  return days.filter((day) => day.state === 'sealed');
}

function addArchives(sqlite: Database, { archives }: Catalogue): void {
  const add = sqlite.prepare<unknown[], unknown>(`INSERT INTO ${INDEX_TABLE} VALUES (?, ?)`);
  const addMonth = sqlite.prepare<unknown[], unknown>('INSERT OR REPLACE INTO lake_months VALUES (?, ?, ?)');
  for (const { archive, floor, days } of archives) {
    add.run(archive, floor);
    // A month is written again with each of its days. The object that was written last is in the lake.
    const inOrder = sealedOf(days).sort((a, b) => a.sealed.entrySeq - b.sealed.entrySeq);
    for (const { manifest } of inOrder)
      for (const object of manifest.commands) addMonth.run(archive, object.month, canonicalJson(object));
  }
}

/** A day has one row, with the objects of all archives that have rows of it. */
function addDays(sqlite: Database, { archives }: Catalogue): void {
  const add = sqlite.prepare<[object], unknown>(
    `INSERT INTO sealed_days (day, generation, entry_seq, tree_size, invocations, leaves, first_id, last_id, first_seq, last_seq,
       first_changed_at, last_changed_at, objects_json)
     VALUES (:day, :generation, 1, 1, :invocations, 0, 0, 0, 0, 0, :firstChangedAt, :lastChangedAt, :objectsJson)`,
  );
  const byDay = new Map<string, Part[]>();
  for (const { archive, days } of archives)
    for (const day of days) {
      const part = partOf(archive, day);
      if (part) byDay.set(day.day, [...(byDay.get(day.day) ?? []), part]);
    }
  for (const [day, parts] of byDay)
    add.run({
      day,
      generation: Math.max(...parts.map(({ generation }) => generation)),
      invocations: parts.reduce((sum, { invocations }) => sum + invocations, 0),
      firstChangedAt: parts.map(({ firstChangedAt }) => firstChangedAt).sort()[0],
      lastChangedAt: parts
        .map(({ lastChangedAt }) => lastChangedAt)
        .sort()
        .at(-1),
      objectsJson: canonicalJson(parts.flatMap(({ objects }): readonly SealedObject[] => objects)),
    });
}

type Part = Pick<SealedDay, 'generation' | 'invocations' | 'firstChangedAt' | 'lastChangedAt' | 'objects'>;

/** What an archive adds to the row of a day; undefined if it has nothing of it. */
function partOf(archive: number, day: CatalogueDay): Part | undefined {
  if (day.state === 'pruned') return undefined;
  if (day.state === 'sealed') return day.sealed.invocations > 0 ? day.sealed : undefined;
  // A day that can't be proved must not seem empty. So it names an object that no lake has, and who asks for it is told.
  return {
    ...{ generation: 1, invocations: 1, firstChangedAt: '', lastChangedAt: '9999-12-31T23:59:59.999Z' },
    objects: ['invocations', 'plugins', 'revisions', 'full_outputs', 'output_queue', 'earlier_outputs'].map(
      (table) => ({
        ...{ table, key: keyOfDay(archive, table, day.day), rows: 1, sizeBytes: Number.MAX_SAFE_INTEGER },
        sha256: '0'.repeat(64),
      }),
    ),
  };
}

function addCounts(sqlite: Database, { archives }: Catalogue): void {
  const add = sqlite.prepare<[object], unknown>(
    `INSERT INTO daily_counts (day, account_id, region, document_name, status, status_details, invocations)
     VALUES (:day, :accountId, :region, :documentName, :status, :statusDetails, :invocations)`,
  );
  for (const { day, manifest } of archives.flatMap(({ days }) => sealedOf(days)))
    for (const count of manifest.counts) add.run({ day, ...count });
}

/** A manifest says what of its day was not listed; the rest was. */
function addCoverage(sqlite: Database, { archives }: Catalogue): void {
  const add = sqlite.prepare<[string, string, string, string], unknown>('INSERT INTO coverage VALUES (?, ?, ?, ?)');
  const spans = new Map<string, { accountId: string; region: string; covered: Span[] }>();
  for (const { day, manifest } of archives.flatMap(({ days }) => sealedOf(days)))
    for (const { accountId, region, gaps } of manifest.coverage) {
      if (accountId === null || region === null) continue;
      const place = spans.get(`${accountId} ${region}`) ?? { accountId, region, covered: [] };
      spans.set(`${accountId} ${region}`, place);
      const from = Date.parse(day);
      const lacking = gaps.map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to) }));
      place.covered.push(...uncoveredSpans({ from, to: from + DAY_MS }, lacking));
    }
  for (const { accountId, region, covered } of spans.values())
    for (const { from, to } of mergeSpans(covered)) add.run(accountId, region, isoFromMs(from), isoFromMs(to));
}
