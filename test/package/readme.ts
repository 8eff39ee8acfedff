import { readFileSync } from 'node:fs';

const page = readFileSync('README.md', 'utf8');

/** The commands of README's table, by their names. */
export function tableCommands(): string[] {
  return [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name = '']) => name);
}

/**
 * What README's blocks have somebody type into a shell where the package is installed, each command whole. What is for a
 * clone of the repository alone is left out; its names of the command are made into the one that is installed.
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
