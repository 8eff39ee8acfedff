import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { COMMANDS } from '../../../src/cli/main.ts';
import { capturedTerminal } from '../captured-terminal.ts';

/**
 * A command that can be called. Its name has all of its words: for a subcommand, those of the parent command come
 * first.
 */
export interface Leaf {
  name: string;
  command: CommandUnknownOpts;
}

/** Returns every command that the program has and that can be called. */
export async function leavesOf(): Promise<Leaf[]> {
  const program = new Command();
  for (const load of Object.values(COMMANDS)) (await load())(program, capturedTerminal().terminal);
  return leavesUnder(program, '');
}

function leavesUnder({ commands }: CommandUnknownOpts, before: string): Leaf[] {
  return commands.flatMap((command) => {
    const name = `${before}${command.name()}`;
    const under = leavesUnder(command, `${name} `);
    // A command with commands of its own can be called itself if it takes arguments.
    return under.length > 0 && command.registeredArguments.length === 0 ? under : [{ name, command }, ...under];
  });
}
