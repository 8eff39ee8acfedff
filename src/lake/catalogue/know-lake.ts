import type { SpanCoverage } from '../../archive/coverage/coverage-of-span.ts';
import { isDaily } from '../../archive/figures/read-stats.ts';
import type { DescribedLake, LakeAlone, PlaceInLake } from '../../archive/lake-alone/lake-alone.ts';
import { NotInLake } from '../../archive/lake-alone/not-in-lake.ts';
import type { EmptyAnswer } from '../../archive/values/explain-empty.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import type { Catalogue, CatalogueArchive } from './catalogue.ts';
import { coverageOfLake, hasPlace } from './coverage-of-lake.ts';
import type { KeptIndex } from './keep-index.ts';

const MOST = 10;

/** Returns what a server over a lake alone says where others ask their archive. It reads the catalogue and nothing else. */
export function knowLake({ catalogue, refresh, suspect, fault }: KeptIndex): LakeAlone {
  const sealedTo = () => saySealedTo(catalogue());
  return {
    ...{ refresh, suspect, fault, sealedTo },
    describe: () => describe(catalogue()),
    coverage: (asked) => coverageOfLake(catalogue(), asked),
    refuseUnknown({ requestedAfter, sender, account: accountId, region }) {
      if (sender !== undefined)
        throw new NotInLake(
          'The filter "sender" needs what an archive knows of senders. Ask the SQL view "commands" of the lake for the commands of a sender, and then for those.',
        );
      const last =
        catalogue()
          .archives.map(({ floor }) => floor ?? '')
          .sort()
          .at(-1) ?? '';
      if ((accountId !== undefined || region !== undefined) && !hasPlace(catalogue(), { accountId, region }))
        throw new NotInLake(
          `The lake has no day of ${[accountId, region].filter((one) => one !== undefined).join(' ')}. ${sealedTo()}`,
        );
      if (requestedAfter !== undefined && requestedAfter >= `${last}T`)
        throw new NotInLake(`Nothing that was requested since ${requestedAfter} is in the lake. ${sealedTo()}`);
    },
    refuseUncounted(query) {
      const { requestedAfter, requestedBefore } = query.filter;
      if (isDaily(query) && isMidnight(requestedAfter) && isMidnight(requestedBefore)) return;
      throw new NotInLake(
        'Manifests have counts of whole days (UTC) by day, week, month, account, region, document, status and statusDetails, filtered by these and by requestedAfter and requestedBefore. Ask SQL with the engine "lake" for other statistics: POST /v1/sql.',
      );
    },
    explainEmpty: (filter) => explainEmpty(catalogue(), filter),
  };
}

function describe({ listedAt, archives, places }: Catalogue): DescribedLake {
  return {
    listedAt,
    archives: archives.map(({ archive, origin, isPinned, floor, days }) => ({
      ...{ archive, origin, isPinned, sealedTo: floor },
      days: days.filter(({ state }) => state === 'sealed').length,
      unsignedDays: days.filter((day) => day.state === 'sealed' && day.signedBy === null).length,
      prunedDays: days.filter(({ state }) => state === 'pruned').map(({ day }) => day),
      unreadableDays: days.flatMap((day) => (day.state === 'unreadable' ? [{ day: day.day, why: day.why }] : [])),
    })),
    places: places.map(({ accountId, region, archive, state }) => ({ accountId, region, archive, state })),
  };
}

function isMidnight(time: string | undefined): boolean {
  return time === undefined || time.endsWith('T00:00:00.000Z');
}

/** Says up to which day each archive of a lake has sealed. */
function saySealedTo({ archives }: Catalogue): string {
  if (archives.length === 0) return 'No archive has put anything into this lake.';
  const said = archives.map(({ archive, floor }: CatalogueArchive) =>
    floor === null ? `archive ${archive} has sealed nothing` : `archive ${archive} has sealed the days before ${floor}`,
  );
  return `In this lake ${said.join(', ')}; only the archives themselves know what came later.`;
}

/**
 * An empty answer proves something only if manifests cover all that was asked for. The values that archives have seen are
 * not in the lake, so none is called unseen.
 */
function explainEmpty(catalogue: Catalogue, filter: InvocationFilter): EmptyAnswer {
  const { requestedAfter, requestedBefore, account: accountId, region } = filter;
  const places = coverageOfLake(catalogue, {
    from: requestedAfter === undefined ? undefined : Date.parse(requestedAfter),
    to: requestedBefore === undefined ? undefined : Date.parse(requestedBefore),
    ...{ accountId, region },
  });
  return { unseen: [], coverage: spanCoverageOf(places) };
}

function spanCoverageOf(places: readonly PlaceInLake[]): SpanCoverage {
  const gaps = places.flatMap(({ accountId, region, alias, gaps: own }) =>
    own.map((gap) => ({
      ...(alias !== undefined && { alias }),
      accountId,
      region,
      ...gap,
      isForgotten: true,
      isOpen: false,
    })),
  );
  const edges = places.flatMap(({ accountId, region, edges: own }) =>
    own.map(({ from, to }) => ({ accountId, region, from, to })),
  );
  const isComplete = places.length > 0 && places.every((place) => place.isComplete);
  const wholeMs = places.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
  const lackingMs = places.reduce((sum, place) => sum + lackingOf(place), 0);
  return {
    from: places.map(({ from }) => from).sort()[0] ?? null,
    to:
      places
        .map(({ to }) => to)
        .sort()
        .at(-1) ?? null,
    state: isComplete ? 'complete' : places.length === 0 ? 'notCollected' : 'incomplete',
    coveredPart: wholeMs === 0 ? 0 : Math.max(0, 1 - lackingMs / wholeMs),
    ...{ gaps: gaps.slice(0, MOST), gapCount: gaps.length, edges: edges.slice(0, MOST), edgeCount: edges.length },
    forgottenCommands: new Set(places.flatMap(({ forgottenCommands }) => forgottenCommands)).size,
    missingSources: places.filter(({ alias }) => alias !== undefined).length,
  };
}

function lackingOf({ gaps, edges, unknownDays, prunedDays }: PlaceInLake): number {
  const ofSpans = [...gaps, ...edges].reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
  return ofSpans + (unknownDays.length + prunedDays.length) * DAY_MS;
}
