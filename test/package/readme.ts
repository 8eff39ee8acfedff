import { readFileSync } from 'node:fs';

const page = readFileSync('README.md', 'utf8');

/** The commands in README's table, by name. */
export function tableCommands(): string[] {
  return [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name = '']) => name);
}

/**
 * The commands that README's blocks tell somebody to type into a shell where the package is installed, each in full.
 * Commands for a clone of the repository are left out. The names of the program are replaced by the installed one.
 */
export function shellCommands(): string[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap(commandsOf)
    .map((command) => command.replaceAll('node dist/cli.js', 'ssm-archive').replace(/npm start$/, 'ssm-archive serve'))
    .filter((command) => !/^npm (ci|run|test)\b/.test(command));
}

/** A command goes on to the next line while a quotation is open, or after a backslash. */
function commandsOf(block: string): string[] {
  const commands: string[] = [];
  let command = '';
  for (const line of block.split('\n')) {
    command += command === '' ? line.replace(/^\$ /, '') : `\n${line}`;
    const isOpen = command.split('"').length % 2 === 0 || command.endsWith('\\');
    if (isOpen) continue;
    if (command.trim() !== '' && !command.startsWith('#')) commands.push(command);
    command = '';
  }
  return commands;
}
