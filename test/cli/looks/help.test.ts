import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/main.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
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

const words = (text: string) => text.split(/\s+/).filter(Boolean);

describe.each([80, 60])('on a terminal of %d columns', (columns) => {
  it.each(['', ...names])('the help of "%s" fits, with the text behind its options too', async (name) => {
    const help = await helpOf(name, columns);
    expect(widestOf(help)).toBeLessThanOrEqual(columns);
    // No word of it is lost to that.
    expect(words(help).sort()).toEqual(words(await helpOf(name, Number.POSITIVE_INFINITY)).sort());
  });

  it('a refused call with its help fits too', async () => {
    const { terminal, err } = capturedTerminal();
    expect(await run(['prune', '--nonsense'], { ...terminal, outWidth: columns, noteWidth: columns })).toBe(2);
    expect(widestOf(err())).toBeLessThanOrEqual(columns);
  });
});
