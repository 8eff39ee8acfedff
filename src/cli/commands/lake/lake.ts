import type { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../../terminal.ts';
import { addDdl } from './ddl.ts';

/** `lake`: what concerns the lake of sealed days as others see it. */
export function addLake(program: Command, terminal: Terminal): void {
  const lake = program.command('lake').description('show other engines the lake of sealed days');
  addDdl(lake, terminal);
}
