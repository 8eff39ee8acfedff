import type { Database } from 'better-sqlite3';
import { type Claim, listClaims } from '../../archive/claims/list-claims.ts';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { isOwnTurn } from '../owners/claim-place.ts';
import { type LakeOwnership, listOwners } from '../owners/list-owners.ts';
import type { PlaceTurn } from '../owners/owner-files.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** Who owns what in the lake, compared with what this archive has written down about itself. */
export interface InspectedOwners extends LakeOwnership {
  /** Another archive with this archive's number; undefined if there is none. */
  numberOf: { origin: string; since: string } | undefined;
  /** Sentences about claims of this archive that the lake does not have, or has otherwise. */
  faults: string[];
}

/** Reads who owns what in the lake, and compares it. */
export async function inspectOwners(
  { sqlite, origins }: { sqlite: Database; origins: readonly string[] },
  store: ObjectStore,
): Promise<InspectedOwners> {
  const owned = await listOwners(store);
  const own = readArchiveNumber(sqlite);
  const numberOf = owned.archives.find(({ archive, origin }) => archive === own && !origins.includes(origin));
  const turns = new Map(owned.places.map((turn) => [`${turn.accountId} ${turn.region}`, turn]));
  const isOwn = (turn: PlaceTurn) => isOwnTurn({ sqlite, origins: () => origins }, turn);
  const faults = listClaims(sqlite).flatMap((claim) => {
    const name = `${claim.accountId} ${claim.region}`;
    const turn = turns.get(name);
    turns.delete(name);
    return faultOf(claim, turn && { turn, isOwn: isOwn(turn) }).map((fault) => `${name} ${fault}`);
  });
  const unknown = [...turns].filter(([, turn]) => isOwn(turn));
  return {
    ...{ ...owned, numberOf },
    faults: [
      ...faults,
      ...unknown.map(
        ([name]) =>
          `${name} is claimed for this archive in the lake, and not in its ledger: "ssm-archive lake claim" or the next seal writes it there`,
      ),
    ],
  };
}

function faultOf(claim: Claim, found: { turn: PlaceTurn; isOwn: boolean } | undefined): string[] {
  const isReleased = claim.releasedAt !== null;
  if (!found)
    return [
      'is claimed by this archive in its ledger, and nobody has claimed it in the lake: "ssm-archive lake claim" puts it there',
    ];
  const { turn, isOwn } = found;
  if (isReleased && !isOwn) return [];
  if (!isOwn)
    return [
      `is claimed by this archive in its ledger, and by archive ${turn.archive} in the lake since ${turn.at}. An archive that was restored from an older backup does not know what it has released since`,
    ];
  const isSame = claim.turn === turn.turn && isReleased === (turn.state === 'released');
  return isSame
    ? []
    : [
        `is ${turn.state} by this archive in the lake, and its ledger has turn ${claim.turn}, not ${turn.turn}: run "ssm-archive lake ${turn.state === 'released' ? 'release' : 'claim'}" once more`,
      ];
}
