import type { PlaceTurn } from './owner-files.ts';

/** The sentence that names the owner of an account and region. */
export function sayOwner({ accountId, region, archive, origin, at, state }: PlaceTurn): string {
  return state === 'claimed'
    ? `${accountId} ${region} is owned by archive ${archive} of the lake since ${at}; its ledger is signed by ${origin}.`
    : `Archive ${archive} of the lake has released ${accountId} ${region} at ${at}; its ledger is signed by ${origin}.`;
}
