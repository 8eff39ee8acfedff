import type { Config } from '../../config/config.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';

/** Throws UserFault if no configured source has this alias. Without this check, a pass over no source would succeed. */
export function checkSource({ sources, refused }: Pick<Config, 'sources'> & Partial<Config>, alias?: string): void {
  const aliases = [...new Set([...sources, ...(refused ?? [])].map((source) => source.alias))];
  if (alias === undefined || aliases.includes(alias)) return;
  const near = proposalOf(nearNames(alias, aliases));
  throw new UserFault(`There is no source "${alias}".${near} The configuration has: ${aliases.join(', ')}.`, {
    exitCode: 2,
  });
}
