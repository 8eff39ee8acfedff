import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/main.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { TIME_FORMS, TIME_HELP } from '../../../src/questions/time/read-time.ts';
import { capturedTerminal } from '../captured-terminal.ts';
import { leavesOf } from '../hostile/all-commands.ts';
import { widestOf } from './on-terminal.ts';

const leaves = await leavesOf();
const names = [...new Set(leaves.flatMap(({ name }) => [name, name.split(' ')[0] ?? '']))];

async function helpOf(name: string, columns: number): Promise<string> {
  const { terminal, out } = capturedTerminal();
  const narrow: Terminal = { ...terminal, outWidth: columns, noteWidth: columns };
  expect(await run([...name.split(' ').filter(Boolean), '--help'], narrow)).toBe(0);
  return out();
}

const count = (text: string, part: string) => text.split(part).length - 1;

const words = (text: string) => text.split(/\s+/).filter(Boolean);

describe.each([80, 60])('on a terminal of %d columns', (columns) => {
  it.each(['', ...names])('the help of "%s" fits, including the text after its options', async (name) => {
    const help = await helpOf(name, columns);
    expect(widestOf(help)).toBeLessThanOrEqual(columns);
    // Wrapping loses no word of the help.
    expect(words(help).sort()).toEqual(words(await helpOf(name, Number.POSITIVE_INFINITY)).sort());
  });

  it('the message of a refused call and the help in that message fit', async () => {
    const { terminal, err } = capturedTerminal();
    expect(await run(['prune', '--nonsense'], { ...terminal, outWidth: columns, noteWidth: columns })).toBe(2);
    expect(widestOf(err())).toBeLessThanOrEqual(columns);
  });
});

describe('the help of a command', () => {
  it.each(names)('does not show the version of the program for "%s"', async (name) => {
    expect(await helpOf(name, 80)).not.toContain('--version');
  });

  it('shows the version of the program if no command is named', async () => {
    expect(await helpOf('', 80)).toContain('--version');
  });

  it.each(names)('says once how a time may be written if "%s" takes a time, and otherwise not at all', async (name) => {
    const help = (await helpOf(name, Number.POSITIVE_INFINITY)).replace(/\s+/g, ' ');
    const said = help.includes('<time>') ? 1 : 0;
    expect([count(help, TIME_HELP), count(help, TIME_FORMS)]).toEqual([said, said]);
  });

  it.each(['evidence', 'prune'])('shows the filters of %s under a heading, after its own options', async (name) => {
    const [, own = '', filters = ''] = (await helpOf(name, 80)).split(/^Options:|^Filters:|^Global Options:/m);
    for (const option of ['--account', '--status', '--search']) {
      expect(filters).toContain(option);
      expect(own).not.toContain(option);
    }
    expect(own).toContain('--json');
    expect(filters).not.toContain('--json');
  });

  it('does not offer --db for `simulate`, where it has no effect', async () => {
    expect(await helpOf('simulate', 80)).not.toContain('--db');
  });
});
