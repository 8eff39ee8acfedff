import type { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../../terminal.ts';
import { addLakeClaim } from './claim.ts';
import { addLakeClaims } from './claims.ts';
import { addDdl } from './ddl.ts';
import { addLakeRelease } from './release.ts';

/** `lake`: what concerns the lake as a whole, which several archives and other engines may share. */
export function addLake(program: Command, terminal: Terminal): void {
  const lake = program
    .command('lake')
    .description('show the lake to other engines, and say which archive owns which accounts and regions');
  for (const add of [addLakeClaim, addLakeRelease, addLakeClaims, addDdl]) add(lake, terminal);
}
