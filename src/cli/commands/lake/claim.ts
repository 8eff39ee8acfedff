import type { Command } from '@commander-js/extra-typings';
import { readArchiveNumber } from '../../../archive/number/read-archive-number.ts';
import { claimPlace, isOwnTurn } from '../../../lake/owners/claim-place.ts';
import { sayOwner } from '../../../lake/owners/say-owner.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { whoAsks } from '../../options/who-asks.ts';
import type { Terminal } from '../../terminal.ts';
import { placesMeant } from './places-meant.ts';
import { withOwners } from './with-owners.ts';

const HELP = `
What nobody owns is claimed by the first archive that seals a day of it. So this is needed only to keep an account for \
an archive that has not sealed anything of it yet, or to take back what this archive has released. A claim is an object \
of the lake and an entry of this archive's ledger.`;

/** `lake claim`: makes this archive the owner of an account's regions in the lake. */
export function addLakeClaim(lake: Command, terminal: Terminal): void {
  lake
    .command('claim')
    .description('make this archive the owner of an account’s regions in the lake')
    .requiredOption('--account <id>', 'the account')
    .option('--region <names...>', 'its regions; by default all that this archive knows')
    .option('--by <name>', 'who claims them (default: the user and the host)')
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(async ({ by, json, ...typed }) => {
      await withOwners(terminal, async (deps) => {
        const claimed = [];
        for (const place of placesMeant(deps.sqlite, typed)) {
          const turn = await claimPlace(deps, place, { by: whoAsks(by), takesBack: true });
          if (!isOwnTurn(deps, turn))
            throw new UserFault(
              `${sayOwner(turn)} Nothing of it was claimed for this archive, ${readArchiveNumber(deps.sqlite)}. If it is to be this archive's, that archive has to release it first: ssm-archive lake release.`,
            );
          claimed.push(turn);
          if (!json) terminal.out(`Claimed: ${sayOwner(turn)}${sayBefore(turn.before)}`);
        }
        if (json) terminal.json(claimed);
      });
    });
}

function sayBefore(before: { day: string; archive: number } | null): string {
  return before === null ? '' : ` What was requested before ${before.day} is archive ${before.archive}'s.`;
}
