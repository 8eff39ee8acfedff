import type { Command } from '@commander-js/extra-typings';
import { releasePlace } from '../../../lake/owners/release-place.ts';
import { whoAsks } from '../../options/who-asks.ts';
import type { Terminal } from '../../terminal.ts';
import { placesMeant } from './places-meant.ts';
import { withOwners } from './with-owners.ts';

const HELP = `
This archive must have sealed all that it has of them. What it has sealed stays its own; another archive may claim what \
comes later. Release them before the other archive collects them: what both have is counted twice.`;

/** `lake release`: gives up an account's regions, so that another archive may claim them. */
export function addLakeRelease(lake: Command, terminal: Terminal): void {
  lake
    .command('release')
    .description('give up an account’s regions in the lake, so that another archive may claim them')
    .requiredOption('--account <id>', 'the account')
    .option('--region <names...>', 'its regions; by default all that this archive knows')
    .option('--by <name>', 'who releases them (default: the user and the host)')
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(async ({ by, json, ...typed }) => {
      await withOwners(terminal, async (deps) => {
        const released = [];
        for (const place of placesMeant(deps.sqlite, typed)) {
          const turn = await releasePlace(deps, place, whoAsks(by));
          released.push(turn);
          const { accountId, region, until } = turn;
          const kept = until === null ? '' : ` What was requested before ${until} stays this archive's.`;
          if (!json) terminal.out(`Released: ${accountId} ${region}. Another archive may claim it.${kept}`);
        }
        if (json) terminal.json(released);
      });
    });
}
