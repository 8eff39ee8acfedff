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
    ['nothing', ''],
    ['what a script printed before it', `before\n${WINDOWS_ONLY}`],
    ['what a script printed behind it', `${WINDOWS_ONLY}\nand this ran`],
    ['a line end behind it, as echo writes it', `${WINDOWS_ONLY}\n`],
    ['a Windows line end behind it', `${WINDOWS_ONLY}\r\n`],
    ['a line that mentions it', `grep found: ${WINDOWS_ONLY}`],
    ['a word before it', ` ${WINDOWS_ONLY}`],
    ['an error stream behind it, which only a step that ran can have', `${WINDOWS_ONLY}\n----------ERROR-------\noh`],
    ['another case', WINDOWS_ONLY.toLowerCase()],
    ['the words of another skip', 'Step execution skipped due to a rainy day'],
    [
      'a plugin that is not supported, which fails',
      'Plugin with name aws:x is not supported in current platform. Step name: x',
    ],
  ])('is not %s', (_what, output) => {
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
