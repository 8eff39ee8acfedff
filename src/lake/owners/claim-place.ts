import { type Claim, findClaim } from '../../archive/claims/list-claims.ts';
import { noteClaim } from '../../archive/claims/note-claim.ts';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import type { OwnerDeps } from './owner-deps.ts';
import { keyOfTurn, type PlaceTurn } from './owner-files.ts';
import { putOnce } from './put-once.ts';
import { readNewestTurn } from './read-owner-files.ts';

/** How often we look again if other archives claim the same at the same moment. */
const TRIES = 5;

export interface ClaimOptions {
  /** Who asks. */
  by: string;
  /** Whether to take back what this archive has released. */
  takesBack: boolean;
}

/**
 * Claims an account and region for this archive, and returns its newest turn in the lake. It is this archive's if
 * `isOwnTurn` says so and it is not a release: otherwise another archive owns it, and nothing was changed. The object is
 * put first and the row comes after it: if we crash in between, the next call finds our own object and writes the row.
 */
export async function claimPlace(deps: OwnerDeps, place: SourceKey, options: ClaimOptions): Promise<PlaceTurn> {
  for (let attempt = 1; ; attempt++) {
    const newest = await readNewestTurn(deps.store, place);
    const isOwn = newest !== undefined && isOwnTurn(deps, newest);
    if (newest && (newest.state === 'claimed' ? true : isOwn && !options.takesBack)) {
      if (isOwn && newest.state === 'claimed') noteClaim(deps.sqlite, claimOf(newest));
      return newest;
    }
    const next = nextTurn(deps, { place, newest, by: options.by });
    if (await putOnce(deps, keyOfTurn(place, next.turn), next)) {
      noteClaim(deps.sqlite, claimOf(next));
      return next;
    }
    if (attempt === TRIES)
      throw new Error(`Other archives put turns of ${turnName(place)} into the lake all the time.`);
  }
}

/** Whether a turn is one of this archive's. */
export function isOwnTurn({ sqlite, origins }: Pick<OwnerDeps, 'sqlite' | 'origins'>, turn: PlaceTurn): boolean {
  return turn.archive === readArchiveNumber(sqlite) && origins().includes(turn.origin);
}

function nextTurn(
  { sqlite, origins, now }: OwnerDeps,
  { place, newest, by }: { place: SourceKey; newest: PlaceTurn | undefined; by: string },
): PlaceTurn {
  const archive = readArchiveNumber(sqlite);
  const isOwn = newest?.archive === archive;
  const ofNewest = newest?.until ? { day: newest.until, archive: newest.archive } : (newest?.before ?? null);
  return {
    ...{ accountId: place.accountId, region: place.region, state: 'claimed', archive },
    // A lake may have lost turns that this archive remembers.
    turn: Math.max(newest?.turn ?? 0, findClaim(sqlite, place)?.turn ?? 0) + 1,
    ...{ origin: origins().at(-1) ?? '', at: isoFromMs(now().getTime()), by },
    ...{ before: isOwn ? newest.before : ofNewest, until: null },
  };
}

/** The row of this archive about a turn of its own that is a claim. */
function claimOf({ accountId, region, turn, before, at, by }: PlaceTurn): Claim {
  return {
    ...{ accountId, region, turn, fromDay: before?.day ?? null, claimedAt: at, claimedBy: by },
    ...{ untilDay: null, releasedAt: null, releasedBy: null },
  };
}

function turnName({ accountId, region }: SourceKey): string {
  return `${accountId} ${region}`;
}
