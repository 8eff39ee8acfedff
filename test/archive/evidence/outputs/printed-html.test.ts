import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../../src/archive/record/record-replies.ts';
import { page, rawInvocation, rawPlugin } from '../../raw-invocation.ts';
import { packed, pruneOutputsOfOne, unpacked } from '../pack-trial.ts';
import { BUCKET, fetched, fetchedOutputs, output, TEXTS } from './full-output-trial.ts';

type Question = Parameters<typeof packed>[0];

/** The part of a pack's page that says what was printed, and the folder of the pack. */
async function printedBy(prepare: Parameters<typeof packed>[1], question: Question = {}) {
  const folder = await unpacked((await packed(question, prepare)).pack);
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const from = html.indexOf('<h2>What it printed</h2>');
  return { folder, html: html.slice(from, html.indexOf('<h2>Invocations</h2>')) };
}

const fileOf = (bytes: Buffer) => `outputs/${createHash('sha256').update(bytes).digest('hex')}.txt`;

describe('the page of a pack', () => {
  it('shows what each step printed: what AWS lists, what was fetched, from where, and whether it is cut', async () => {
    const { html, folder } = await printedBy(fetchedOutputs);
    for (const text of [
      '<h4>Step 1, runShellScript</h4>',
      'As AWS lists it: 42 bytes, whole.',
      'Standard output, fetched from GetCommandInvocation at 2026-03-01T11:00:00.000Z: 23998 bytes, still cut: AWS had no more.',
      'Standard error, fetched from GetCommandInvocation at 2026-03-01T11:00:00.000Z: 0 bytes, whole.',
      `fetched from the bucket and key ${BUCKET} c/i-1/stdout at 2026-03-01T11:00:00.000Z: ${TEXTS.long.length} bytes, whole.`,
      'fetched from the log group and stream /secret/group c/i-2/runShellScript/stdout at',
      '22 of 30000000 bytes, still cut: the archive keeps no more of one stream.',
    ])
      expect(html).toContain(text);
    const links = [...html.matchAll(/<a href="([^"]*)">(More in its file|Its file)<\/a>/g)];
    expect(links.map(([, file]) => file)).toEqual(expect.arrayContaining(Object.values(TEXTS).map(fileOf)));
    for (const [, file = ''] of links) expect(existsSync(join(folder, file))).toBe(true);
    expect(links.filter(([, , text]) => text === 'More in its file').map(([, file]) => file)).toContain(
      fileOf(TEXTS.long),
    );
  });

  it('shows the first lines of a text in its own encoding, and nothing of them can become markup or be invisible', async () => {
    const { html } = await printedBy(fetchedOutputs);
    expect(html).toContain('<li>&lt;b&gt;begin&lt;/b&gt; \\u202e</li><li>line</li>');
    expect(html).toContain('<ol class="lines"><li>Größe\\x00 €</li><li>Größe');
    expect(html).toContain('<li>café \\x80 of a code page</li>');
    expect(html).not.toContain('end of it');
    expect(html).not.toMatch(/<(b|script|img)\b/);
  });

  it('says what is pruned, redacted, left out, or not there', async () => {
    const pruned = async (sqlite: Database) => {
      fetchedOutputs(sqlite);
      await pruneOutputsOfOne(sqlite);
    };
    expect((await printedBy(pruned)).html).toMatch(
      /As AWS lists it: the text was pruned\.[\s\S]*cut: AWS had no more\. The text was pruned\./,
    );
    const redacted = (await printedBy(fetchedOutputs, { redacted: ['Output', 'OutputS3BucketName'] })).html;
    expect(redacted).toContain('As AWS lists it: [redacted]');
    expect(redacted).toContain('from the bucket and key [redacted] at 2026-03-01T11:00:00.000Z: whole. [redacted]');
    expect(redacted).not.toMatch(/bytes|<a |<ol/);
    const without = (await printedBy(fetchedOutputs, { withoutOutputs: true })).html;
    expect(without).toContain(`: ${TEXTS.long.length} bytes, whole. The text is not a file of this pack.`);
    expect(without).toContain('As AWS lists it: 42 bytes, whole. The text is not a file of this pack.');
    expect(without).not.toMatch(/<a |<ol/);
    expect((await printedBy(() => undefined)).html).toContain('It has no steps.');
  });

  it('shows what was fetched of a step that AWS lists no more', async () => {
    const { html } = await printedBy((sqlite) => {
      fetched(sqlite, ['i-7', 3], 'get', output(TEXTS.page));
    });
    expect(html).toMatch(/<h4>Step 3, runShellScript<\/h4><p>AWS lists it no more\.<\/p><p>Standard output, /);
  });

  it('shows no more than a program can open, and says where the rest is', async () => {
    const many = (sqlite: Database): void => {
      createSingleReplyRecorder(sqlite)(
        page(
          [1, 2].map((n) =>
            rawInvocation({
              ...{ CommandId: '22222222-2222-4333-8444-555555555555', InstanceId: `i-${n}` },
              CommandPlugins: Array.from({ length: 200 }, (_, m) => rawPlugin({ Output: `${m}${'x'.repeat(2000)}` })),
            }),
          ),
        ),
      );
    };
    const { html } = await printedBy(many, { filter: { commandId: '22222222-2222-4333-8444-555555555555' } });
    expect(html).toContain('<p>What 1 more invocations printed is named in <code>invocations.ndjson</code>.</p>');
    expect(html.length).toBeLessThan(500_000);
  });
});
