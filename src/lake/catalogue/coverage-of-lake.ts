import type { LakeSpan, PlaceInLake } from '../../archive/lake-alone/lake-alone.ts';
import { DAY_MS, dayAfter, isoFromMs } from '../../lib/time.ts';
import { type Span, spansOverlap } from '../../model/coverage/spans.ts';
import type { Catalogue, CatalogueArchive, CatalogueDay } from './catalogue.ts';
import type { ManifestContent } from './read-day.ts';

type Statement = ManifestContent['coverage'][number];

/** Says what the manifests of a lake say of a span. Empty if no archive has sealed anything that was asked for. */
export function coverageOfLake({ archives }: Catalogue, asked: LakeSpan): PlaceInLake[] {
  return archives.flatMap((archive) => placesOf(archive, asked));
}

/** Whether any manifest says something of an account or region. */
export function hasPlace({ archives }: Catalogue, asked: Pick<LakeSpan, 'accountId' | 'region'>): boolean {
  return archives.some(({ days }) => days.some((day) => statementsOf(day).some((one) => isAskedFor(one, asked))));
}

function placesOf({ archive, days: all, floor }: CatalogueArchive, asked: LakeSpan): PlaceInLake[] {
  if (floor === null) return [];
  const [first, end] = [Date.parse(all[0]?.day ?? floor), Date.parse(floor)];
  const span: Span = { from: Math.max(asked.from ?? first, first), to: Math.min(asked.to ?? end, end) };
  const days = all.filter(({ day }) => spansOverlap(dayOf(day), span));
  // The lake knows nothing of what is before its first day and after its last one.
  const isWithin = (asked.from ?? first) >= first && asked.to !== undefined && asked.to <= end;
  const pruned = new Set(days.filter(({ state }) => state === 'pruned').map(({ day }) => day));
  const places = new Map<string, { place: Statement; said: { day: string; statement: Statement }[] }>();
  for (const day of days)
    for (const statement of statementsOf(day)) {
      if (!isAskedFor(statement, asked)) continue;
      const key = keyOf(statement);
      const one = places.get(key) ?? { place: statement, said: [] };
      places.set(key, one);
      one.said.push({ day: day.day, statement });
    }
  return [...places.values()].map(({ place: { alias, accountId, region }, said }): PlaceInLake => {
    const known = new Set(said.map(({ day }) => day));
    const unknownDays = daysOf(span).filter((day) => !known.has(day));
    const prunedDays = [...known].filter((day) => pruned.has(day));
    const isComplete =
      said.every(({ statement }) => statement.isComplete) && unknownDays.length + prunedDays.length === 0;
    // Of an edge over several days, the manifest of each has the whole.
    const parts = (of: (one: Statement) => Statement['gaps']) => {
      const touched = said.flatMap(({ statement }) => of(statement)).filter((one) => spansOverlap(spanOf(one), span));
      return [...new Map(touched.map((one) => [`${one.from} ${one.to}`, one])).values()];
    };
    return {
      ...{
        archive,
        alias: accountId === null || region === null ? alias : undefined,
        accountId,
        region,
      },
      ...{ from: isoFromMs(span.from), to: isoFromMs(span.to), isComplete: isComplete && isWithin },
      ...{ gaps: parts(({ gaps }) => gaps), edges: parts(({ edges }) => edges), unknownDays, prunedDays },
      forgottenCommands: [
        ...new Set(said.flatMap(({ statement }) => statement.forgottenCommands.map(({ commandId }) => commandId))),
      ],
    };
  });
}

function statementsOf(day: CatalogueDay): readonly Statement[] {
  return day.state === 'unreadable' ? [] : day.manifest.coverage;
}

function keyOf({ alias, accountId, region }: Statement): string {
  return JSON.stringify(accountId === null || region === null ? [alias, accountId, region] : [accountId, region]);
}

function isAskedFor(one: Statement, { accountId, region }: LakeSpan): boolean {
  const fits = (value: string | null, wanted: string | undefined) =>
    wanted === undefined || value === null || value === wanted;
  return fits(one.accountId, accountId) && fits(one.region, region);
}

function dayOf(day: string): Span {
  return { from: Date.parse(day), to: Date.parse(day) + DAY_MS };
}

function daysOf({ from, to }: Span): string[] {
  const days: string[] = [];
  for (let day = isoFromMs(from).slice(0, 10); Date.parse(day) < to; day = dayAfter(day)) days.push(day);
  return days;
}

function spanOf({ from, to }: { from: string; to: string }): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}
