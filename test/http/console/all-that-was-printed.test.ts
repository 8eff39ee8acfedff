import { describe, expect, it } from 'vitest';
import { prune } from '../../../src/archive/prune/prune.ts';
import { NOW_MS } from '../../archive/archive-with-passes.ts';
import { apiTrial } from '../api/api-trial.ts';
import { FETCHED_AT, fetchedOf, invocationOf, pathOf, queueOf, streamOf } from '../api/history/output-trial.ts';
import { page, rows, textOfHtml } from './console-trial.ts';

const trial = apiTrial({ fullOutputs: { from: ['get', 's3'] } });
const off = apiTrial();
const pruned = apiTrial();
const HOSTILE =
  '<script>alert(1)</script>\n\u001b[31mred\u001b[0m \0nul \u202etxt.exe 😀\n<img src=x onerror=alert(2)>\n';
const LINES = Array.from({ length: 12_000 }, (_, n) => `line ${n + 1} of it`).join('\n');
const LONG = 'z'.repeat(1_000_000);
const LOCATION = { bucket: 'acme-output', key: 'runs/<b>several</b>/stdout' };
const IDS = [
  'several',
  'large',
  'long',
  'latin',
  'utf16',
  'queued',
  'denied',
  'gone',
  'unnamed',
  'unselected',
  'empty',
];
await trial.record(IDS.map((id) => invocationOf(id)));
await trial.record([{ ...invocationOf('running'), Status: 'InProgress', StatusDetails: 'InProgress' }]);
await off.record(['unfetched', 'left'].map((id) => invocationOf(id)));
fetchedOf(trial.db, { command: 'several', provenance: 's3' }, [
  streamOf('stdout', HOSTILE, { totalBytes: 90_000_000, cutBy: 'limit', location: LOCATION }),
]);
fetchedOf(trial.db, { command: 'several', provenance: 'get' }, [
  streamOf('stdout', 'shorter', { totalBytes: null, cutBy: 'service' }),
  streamOf('stderr', 'a warning of stderr\n'),
]);
fetchedOf(trial.db, { command: 'large', provenance: 's3' }, [streamOf('stdout', LINES, { location: LOCATION })]);
fetchedOf(trial.db, { command: 'long', provenance: 's3' }, [streamOf('stdout', `first\n${LONG}\nlast`)]);
fetchedOf(trial.db, { command: 'latin', provenance: 's3' }, [
  streamOf('stdout', Buffer.from([0x46, 0xfc, 0xff, 0x00])),
]);
fetchedOf(trial.db, { command: 'utf16', provenance: 's3' }, [
  streamOf('stdout', Buffer.from('\ufeffZugriff verweigert\r\n', 'utf16le')),
]);
fetchedOf(trial.db, { command: 'empty', provenance: 'get', position: 3 }, [streamOf('stdout', '')]);
queueOf(trial.db, 'queued', { provenance: 's3' });
queueOf(trial.db, 'denied', { provenance: 's3', lastError: 'Denied: Access <Denied>' });
queueOf(trial.db, 'gone', { provenance: 's3', lastError: 'NoSuchKey', gaveUpAt: FETCHED_AT, tries: 1 });
queueOf(trial.db, 'unnamed', { provenance: 'logs' });
queueOf(off.db, 'left', { provenance: 's3' });
const textAt = async (path: string, of = trial) => textOfHtml(await page(of, path));
const outputPath = (command: string, rest = '?provenance=s3') => `${pathOf(command)}/steps/1/outputs/stdout${rest}`;

describe('an invocation’s page', () => {
  it('shows what was fetched beside what the listing showed: place, time, size, and where it is cut', async () => {
    const text = await textAt(pathOf('several'));
    expect(text).toContain('The agent cut it at 2,500 bytes: a listing of the service shows no more.');
    expect(text).toContain('From S3, acme-output/runs/<b>several</b>/stdout · fetched');
    expect(text).toMatch(
      /only the first \d+ bytes of 90,000,000 are here, since the archive keeps no more of a stream/,
    );
    expect(text).toContain('only the first 7 bytes are here, since the service had no more.');
    expect(text).toContain('a warning of stderr');
    expect(text).toMatch(/stderr, whole From GetCommandInvocation/);
    // The longest of a stream is shown at once, the others on their pages.
    expect(text).not.toContain('shorter');
  });

  it('lets hostile text do nothing: no markup, no colours but classes, no invisible characters', async () => {
    for (const path of [pathOf('several'), outputPath('several')]) {
      const html = await page(trial, path);
      expect(html).not.toMatch(/<script>alert|<img src=x|<b>several/);
      expect(html).toContain('<span class="ansi-red">red</span>');
      expect(html).toContain('<span class="unseen">\\x00</span>');
      expect(html).toContain('<span class="unseen">\\u202e</span>');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      expect(html).not.toMatch(/[\u001b\0\u202e]/);
    }
  });

  it.each([
    ['queued', 'Queued: a pass will ask S3 for it.'],
    ['denied', 'Queued, but S3 denies it; each pass asks again. Access <Denied>.'],
    ['gone', `Given up at ${FETCHED_AT}: S3 did not give it. NoSuchKey.`],
    ['unnamed', 'Queued for CloudWatch Logs, which the configuration does not name any more'],
    ['unselected', 'fullOutputs does not select this step, or no pass has looked at it yet.'],
    ['running', 'The rest is not fetched yet: it is queued once the run is final.'],
  ])('says why nothing was fetched (%s): %s', async (command, sentence) => {
    expect(await textAt(pathOf(command))).toContain(sentence);
  });

  it('says that fetching is off, also of what is still queued', async () => {
    expect(await textAt(pathOf('unfetched'), off)).toContain('fetching full outputs is off');
    expect(await textAt(pathOf('left'), off)).toContain('Queued for S3, but fetching is off now');
  });

  it('says what is not plain text, and shows what was fetched of a step that only an earlier state had', async () => {
    expect(await textAt(pathOf('utf16'))).toContain('wrote UTF-16, which is decoded here');
    expect(await textAt(pathOf('utf16'))).toContain('Zugriff verweigert');
    expect(await textAt(pathOf('latin'))).toContain('each byte is shown as the character with its number');
    expect(await textAt(pathOf('empty'))).toMatch(
      /Of steps that only an earlier state had Step 4, runShellScript stdout, nothing/,
    );
  });

  it('links to an output of more than 16 kB instead of showing it', async () => {
    const html = await page(trial, pathOf('large'));
    expect(html).toContain(`href="${outputPath('large')}"`);
    expect(html).not.toContain('line 12 of it');
  });
});

describe('the page of a full output', () => {
  it('has a part with the number of each line, an anchor for each, the raw text, and says that there is more', async () => {
    const html = await page(trial, outputPath('large'));
    const text = textOfHtml(html);
    expect(text).toContain('Lines 1 to 2,500 of 12,000');
    expect(html).toMatch(/<a id="L12" href="#L12" tabindex="-1">12<\/a>line 12 of it\n/);
    expect(html).not.toContain('id="L2501"');
    expect(text).toMatch(/There is more: [\d,]+ bytes follow/);
    const raw = /href="(\/v1\/[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(await (await trial.app.request(raw)).text()).toBe(LINES);
  });

  it('streams all lines on one page, each once, in order and with its number, if that is asked for', async () => {
    const parts = await page(trial, outputPath('large'));
    expect(parts).toContain(`href="${outputPath('large').replace('&', '&amp;')}&amp;all=yes"`);
    const html = await page(trial, outputPath('large', '?provenance=s3&all=yes'));
    const lines = [...html.matchAll(/<a id="L(\d+)" href="#L\1" tabindex="-1">\1<\/a>([^<\n]*)\n/g)];
    expect(lines.map(([, , line]) => line).join('\n')).toBe(LINES);
    expect(lines.map(([, number]) => Number(number))).toEqual(lines.map((_, n) => n + 1));
    expect(html).toMatch(/<\/main>.*<\/html>$/s);
    const long = textOfHtml(await page(trial, outputPath('long', '?provenance=s3&all=yes')));
    expect(long.match(/z/g)?.length).toBeGreaterThanOrEqual(LONG.length);
    expect(long).toContain('last');
    expect(textOfHtml(await page(trial, outputPath('large')))).not.toContain('line 2501 of it');
  });

  it('leads on to the end and back without a script', async () => {
    const seen: string[] = [];
    let path = outputPath('large');
    for (;;) {
      const html = await page(trial, path);
      seen.push(...[...html.matchAll(/<a id="L(\d+)"/g)].map(([, line = '']) => line));
      const next = /href="([^"]+)">Next part/.exec(html)?.[1];
      if (next === undefined) {
        expect(textOfHtml(html)).toContain('This is its end.');
        expect(html).toContain('>Part before<');
        break;
      }
      path = next.replaceAll('&amp;', '&');
    }
    expect(seen).toEqual(Array.from({ length: 12_000 }, (_, n) => String(n + 1)));
  });

  it('begins at a line, and says if there is no such line', async () => {
    const html = await page(trial, outputPath('large', '?provenance=s3&line=7777'));
    expect(html.indexOf('id="L7777"')).toBeGreaterThan(0);
    expect(html).not.toContain('id="L7776"');
    expect(await textAt(outputPath('large', '?provenance=s3&line=12001'))).toContain(
      'It has no line 12,001: it has 12,000 lines.',
    );
    expect(await textAt(outputPath('large', '?provenance=s3&from=99999999'))).toContain('It has no byte 99,999,999');
  });

  it('divides a line of 1 MB, and says so', async () => {
    const first = await page(trial, outputPath('long'));
    expect(textOfHtml(first)).toContain('Lines 1 to 1 of 3');
    const second = await page(trial, outputPath('long', '?provenance=s3&line=2'));
    expect(textOfHtml(second)).toContain('Line 2 is longer than a part, and goes on in the next one.');
    expect(second.length).toBeLessThan(400_000);
    const next = (/href="([^"]+)">Next part/.exec(second)?.[1] ?? '').replaceAll('&amp;', '&');
    expect(textOfHtml(await page(trial, next))).toContain('Line 2 began before this part.');
  });

  it('takes the longest without a provenance, and refuses what it can’t read', async () => {
    expect(await textAt(outputPath('several', ''))).toContain('From S3');
    await page(trial, outputPath('several', '?provenance=logs'), 404);
    await page(trial, `${pathOf('several')}/steps/2/outputs/stdout`, 404);
    await page(trial, `${pathOf('several')}/steps/1/outputs/stdin`, 404);
    expect(textOfHtml(await page(trial, outputPath('large', '?line=x'), 400))).toContain('must be a whole number');
  });

  it('is empty for an empty output', async () => {
    const path = `${pathOf('empty')}/steps/4/outputs/stdout`;
    expect(await textAt(path)).toContain('It is empty: 0 bytes.');
  });
});

it('a word that is only in the whole text is found by lists, and its run’s page has it', async () => {
  await trial.record([invocationOf('found')]);
  const text = `${'before\n'.repeat(1000)}the rare word xyzzyword\n`;
  fetchedOf(trial.db, { command: 'found', provenance: 's3' }, [streamOf('stdout', text)]);
  await trial.index();
  expect((await trial.list('/v1/invocations?q=xyzzyword')).items).toMatchObject([{ commandId: 'found' }]);
  expect((await trial.list('/v1/stats?groupBy=document&q=xyzzyword')).items).toMatchObject([{ count: 1 }]);
  const html = await page(trial, '/invocations?q=xyzzyword');
  expect(rows(html)).toBe(1);
  expect(html).toContain(pathOf('found'));
  expect(await textAt(pathOf('found'))).toContain('xyzzyword');
});

it('a pruned text is said to be pruned, on both pages and by REST', async () => {
  await pruned.record([invocationOf('pruned')]);
  fetchedOf(pruned.db, { command: 'pruned', provenance: 's3' }, [streamOf('stdout', 'soon gone\n')]);
  const selection = { instanceId: 'i-0123456789abcdef0' };
  const order = { kind: 'outputs', selection, reason: 'It had a secret.', by: 'auditor' } as const;
  const later = () => new Date(NOW_MS + 400 * 86_400_000);
  const deps = { sqlite: pruned.db.sqlite, now: later, renew: () => {} };
  expect(await prune(deps, order)).toMatchObject({ outputs: 2 });
  expect(await textAt(pathOf('pruned'), pruned)).toMatch(
    /stdout, whole .* Its text was kept, and has been pruned since/,
  );
  expect(await textAt(outputPath('pruned'), pruned)).toContain('Its text was kept, and has been pruned since');
  expect(await pruned.json(`/v1${pathOf('pruned')}`)).toMatchObject({ fullOutputs: [{ isPruned: true }] });
  const raw = `/v1${pathOf('pruned')}/steps/0/outputs`;
  expect((await pruned.problem(`${raw}/stdout`, 404)).detail).toContain('was pruned since');
  expect((await pruned.problem(`${raw}/output`, 404)).detail).toContain('was pruned since');
});
