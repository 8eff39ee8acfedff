import { describe, expect, it } from 'vitest';
import { runHere } from '../run-here.ts';
import { leavesOf } from './all-commands.ts';
import { expectHarmless, PLANT } from './plant.ts';
import { hostileFolder } from './trials.ts';

/**
 * The other values of each call. Without some of them, the call would not reach the tested value. Others end the call
 * if the tested value is accepted.
 */
const NEEDED: Readonly<Record<string, string>> = {
  '--by': 'somebody',
  '--expires': '1d',
  '--from': '2026-03-01',
  '--name': 'a-name',
  '--output': 'pack.zip',
  '--reason': 'a reason',
  '--role': 'reader',
  '--to': '2026-04-01',
  file: 'copy.db',
  files: 'trail.json',
  id: '1',
  'name-or-id': 'a-name',
  // Without this argument, the query would be read from standard input.
  query: 'SELECT 1',
};
const ENDING: Readonly<Record<string, string[]>> = {
  simulate: ['--fault', 'none=1'],
  demo: ['--exit', '--db', 'x'],
  ingest: ['--source', 'none'],
};

interface Call {
  what: string;
  args: string[];
}

/**
 * A call for each argument of each command, and for each option that takes a value. The hostile text is the value of
 * this argument or option.
 */
const calls = (await leavesOf()).flatMap(({ name, command }): Call[] => {
  const given = command.registeredArguments.map((argument) => argument.name());
  const options = command.options.filter(({ required, optional }) => required || optional);
  const needed = options.filter(({ mandatory }) => mandatory).map(({ long }) => long ?? '');
  const call = (trial: string): Call => {
    const values = (places: string[]) =>
      places.map((place) => [place, place === trial ? PLANT : NEEDED[place]] as const);
    const before = values([...new Set([...needed, ...(trial.startsWith('--') ? [trial] : [])])]);
    const positional = values(
      given.filter((place) => place === trial || (NEEDED[place] !== undefined && trial !== '--file')),
    );
    const ending = (ENDING[name] ?? []).includes(trial) ? [] : (ENDING[name] ?? []);
    const args = [...before.flatMap(([place, value = 'x']) => [place, value]), ...ending];
    return {
      what: `${name} ${trial}`,
      args: [...name.split(' '), ...args, ...positional.map(([, value = 'x']) => value)],
    };
  };
  return [...given, ...options.map(({ long }) => long ?? '')].map(call);
});

for (const option of ['--config', '--db']) calls.push({ what: `status ${option}`, args: ['status', option, PLANT] });

describe('the value of an option or an argument cannot control the terminal', () => {
  it('is tested for every option and argument of every command', () => {
    expect(calls.length).toBeGreaterThan(70);
    expect(new Set(calls.map(({ what }) => what)).size).toBe(calls.length);
  });

  it.each(calls)('$what', async ({ args }) => {
    const { stdout, stderr } = await runHere(hostileFolder(), args);
    expectHarmless(stdout);
    expectHarmless(stderr);
    // Each call ends with a message of its own, which shows that it got as far as the tested value.
    expect(stdout + stderr).not.toBe('');
  });
});
