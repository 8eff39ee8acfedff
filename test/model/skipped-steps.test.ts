import { describe, expect, it } from 'vitest';
import { isSkipMessage, wasSkipped } from '../../src/model/skipped-steps.ts';

const WINDOWS_ONLY = `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [platformType, Windows]'. Step name: PatchWindows`;

describe('the agent’s message about a step that it did not run', () => {
  it.each([
    [WINDOWS_ONLY],
    ['Step execution skipped due to unsupported plugin: aws:psModule. Step name: install'],
    ['Step execution skipped due to incompatible platform. Step name: runPowerShellScript'],
    ['Step execution skipped due to incompatible platform. Plugin: aws:runPowerShellScript'],
    ['Plugin with name aws:runShellScript and id two skipped due to prior step with an exit condition'],
  ])('is recognized in each of its forms: %s', (output) => {
    expect(isSkipMessage(output)).toBe(true);
  });

  it.each([
    ['an empty text', ''],
    ['the message after another line of a script', `before\n${WINDOWS_ONLY}`],
    ['the message before another line of a script', `${WINDOWS_ONLY}\nand this ran`],
    ['the message with a line end after it, as echo writes it', `${WINDOWS_ONLY}\n`],
    ['the message with a Windows line end after it', `${WINDOWS_ONLY}\r\n`],
    ['a line that mentions the message', `grep found: ${WINDOWS_ONLY}`],
    ['the message with a space before it', ` ${WINDOWS_ONLY}`],
    [
      'the message before an error stream, which only a step that ran can have',
      `${WINDOWS_ONLY}\n----------ERROR-------\noh`,
    ],
    ['the message in lower case', WINDOWS_ONLY.toLowerCase()],
    ['the words of another skip', 'Step execution skipped due to a rainy day'],
    [
      'a plugin that is not supported, which fails',
      'Plugin with name aws:x is not supported in current platform. Step name: x',
    ],
  ])('is not recognized in %s', (_what, output) => {
    expect(isSkipMessage(output)).toBe(false);
  });

  it('counts only if the service shows a success with response code 0', () => {
    const step = { status: 'Success', responseCode: 0, output: WINDOWS_ONLY };
    expect(wasSkipped(step)).toBe(true);
    for (const more of [
      { status: 'Failed' },
      { status: null },
      { responseCode: 1 },
      { responseCode: null },
      { output: null },
    ])
      expect(wasSkipped({ ...step, ...more })).toBe(false);
  });
});
