import { UserFault } from '../../../lib/errors/user-fault.ts';

/** A certificate would be of no account and region: signed, it would look like a statement, and state nothing. */
export class NothingToCertify extends UserFault {
  override name = 'NothingToCertify';
}

/** Throws NothingToCertify where a certificate names nothing that is there, and nothing that is missing. To be asked before anything is signed. */
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
  const what = of.length > 0 ? `of ${of.join(', ')} is owed, or was ever collected` : 'was ever collected';
  throw new NothingToCertify(
    `Nothing is certified: the archive has no record that anything ${what}. A signature would state nothing.`,
  );
}
