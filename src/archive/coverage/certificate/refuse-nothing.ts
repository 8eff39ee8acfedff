import { UserFault } from '../../../lib/errors/user-fault.ts';

/** The certificate would name no account and region. Signed, it would look like a statement but state nothing. */
export class NothingToCertify extends UserFault {
  override name = 'NothingToCertify';
}

/**
 * Throws NothingToCertify if a certificate would name no account and region and no missing source. Call it before
 * anything is signed.
 */
export function refuseNothing({
  asked: { accountId, region },
  places,
  missing = [],
}: {
  asked: { accountId: string | null; region: string | null };
  places: readonly unknown[];
  missing?: readonly unknown[];
}): void {
  if (places.length + missing.length > 0) return;
  const of = [
    ...(accountId === null ? [] : [`account ${accountId}`]),
    ...(region === null ? [] : [`region ${region}`]),
  ];
  const what = of.length > 0 ? `of ${of.join(', ')} is owed or was ever collected` : 'was ever collected';
  throw new NothingToCertify(
    `Nothing is certified: the archive has no record that anything ${what}. A signature would state nothing.`,
  );
}
