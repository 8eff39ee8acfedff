import { describe, expect, it } from 'vitest';
import { rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

const trial = apiTrial({ isRead: false });
const lines = (n: number, last: string) => `${Array.from({ length: n }, (_, i) => `line ${i}`).join('\n')}\n${last}\n`;
await trial.record([
  { CommandId: 'old', RequestedDateTime: 1_772_000_000, CommandPlugins: [rawPlugin({ Output: lines(9, '<b>fine') })] },
  {
    ...{ CommandId: 'new', RequestedDateTime: 1_772_100_000, Status: 'Failed', StatusDetails: 'Failed' },
    CommandPlugins: [rawPlugin({ Output: lines(9, 'no \u001b[31mspace'), ResponseCode: 28 })],
  },
]);
const key = (command: string) => `${SOURCE.accountId}/eu-west-1/${command}/i-0123456789abcdef0`;
const path = (left: string, right: string) => `/compare?${new URLSearchParams({ left, right })}`;

describe('two runs side by side', () => {
  it('show which members and lines differ', async () => {
    const html = await page(trial, path(key('new'), key('old')));
    expect(textOfHtml(html)).toMatch(/plugins\[0\]\.responseCode 28 0/);
    expect(html).toContain('<del>-no \\x1b[31mspace\n</del>');
    expect(html).toContain('<ins>+&lt;b&gt;fine\n</ins>');
    expect(html).not.toContain('line 0');
    expect(textOfHtml(html)).toContain('line 8');
  });

  it('may be a run and the previous run', async () => {
    expect(await page(trial, path(key('new'), 'previous'))).toContain(`/invocations/${key('old')}`);
    expect(textOfHtml(await page(trial, path(key('old'), 'previous'), 404))).toContain(
      'the archive has no earlier run',
    );
  });

  it('can be chosen in a form, which says what is wrong with each side', async () => {
    expect(textOfHtml(await page(trial, '/compare'))).toContain('Which runs');
    const html = await page(trial, path('here', 'a/b/c'), 400);
    expect(html.match(/<span class="fault"[^>]*>must be account\/region\/command\/node/g)).toHaveLength(2);
    expect(html.match(/<code>(left|right)<\/code> must be account\/region\/command\/node/g)).toHaveLength(2);
    expect(textOfHtml(await page(trial, path('1/2/3/4', key('old')), 404))).toContain(
      'the archive has no such invocation',
    );
  });

  it('are called the same if they do not differ', async () => {
    const text = textOfHtml(await page(trial, path(key('old'), key('old'))));
    expect(text).toContain('The service says the same of both.');
    expect(text).toContain('The same on both sides.');
  });
});

describe('the output of a step', () => {
  it('is sent as the service sent it, with headers that stop a browser from running it', async () => {
    const reply = await trial.app.request(`/invocations/${key('new')}/steps/1/output`);
    expect(await reply.text()).toBe(lines(9, 'no \u001b[31mspace'));
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(await page(trial, `/invocations/${key('new')}/steps/2/output`, 404)).toContain('The output of this step');
  });
});

describe('the states of an invocation', () => {
  it('are shown with the differences from the state before, including the lines of the outputs', async () => {
    await trial.record(
      [
        {
          CommandId: 'old',
          RequestedDateTime: 1_772_000_000,
          CommandPlugins: [rawPlugin({ Output: lines(9, 'worse') })],
        },
      ],
      { observedAt: '2026-03-01T11:00:00.000Z' },
    );
    const html = await page(trial, `/invocations/${key('old')}`);
    expect(textOfHtml(html)).toMatch(/2 members differ .*plugins\[0\]\.outputSha256/);
    expect(html).toContain('<del>-&lt;b&gt;fine\n</del><ins>+worse\n</ins>');
    expect(html.match(/proof of inclusion, leaf \d+/g)).toHaveLength(2);
  });
});
