import type { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../../terminal.ts';
import { addLakeClaim } from './claim.ts';
import { addLakeClaims } from './claims.ts';
import { addLakeRelease } from './release.ts';

/** `lake`: what concerns the lake as a whole, which several archives may share. */
export function addLake(program: Command, terminal: Terminal): void {
  const lake = program
    .command('lake')
    .description('say which archive of a lake owns which accounts and regions, claim them, and release them');
  for (const add of [addLakeClaim, addLakeRelease, addLakeClaims]) add(lake, terminal);
}
