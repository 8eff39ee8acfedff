import { listClaims } from '../../../archive/claims/list-claims.ts';
import { listPlaces } from '../../../archive/nodes/list-places.ts';
import { REGION } from '../../../config/source-form.ts';
import type { ArchiveDb } from '../../../db/open.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import type { SourceKey } from '../../../model/observed-invocation.ts';

const ACCOUNT = /^\d{12}$/;

/** What was typed: an account, and its regions; none means all that this archive knows. */
export interface TypedPlaces {
  account: string;
  region?: readonly string[] | undefined;
}

/** Returns the accounts and regions that are meant. Throws UserFault if a name can't be one, or if none is known. */
export function placesMeant(sqlite: ArchiveDb['sqlite'], { account, region = [] }: TypedPlaces): SourceKey[] {
  if (!ACCOUNT.test(account)) throw wrong(`--account accepts the 12 digits of an account, not "${account}".`);
  for (const name of region)
    if (!REGION.test(name))
      throw wrong(`--region accepts the name of an AWS region, such as eu-west-1, not "${name}".`);
  if (region.length > 0) return [...new Set(region)].map((name) => ({ accountId: account, region: name }));
  const known = [...listPlaces(sqlite), ...listClaims(sqlite)].filter(({ accountId }) => accountId === account);
  const regions = [...new Set(known.map((place) => place.region))].sort();
  if (regions.length > 0) return regions.map((name) => ({ accountId: account, region: name }));
  throw wrong(`This archive knows no region of ${account}: name each with --region.`);
}

function wrong(message: string): UserFault {
  return new UserFault(message, { exitCode: 2 });
}
