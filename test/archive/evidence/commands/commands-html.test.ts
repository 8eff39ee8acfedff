import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../../src/archive/evidence/check/verify-evidence.ts';
import { COMMAND_MEMBERS } from '../../../../src/model/members.ts';
import { markedCommand } from '../../../model/marked.ts';
import { packed, unpacked } from '../pack-trial.ts';
import { COMMAND_ID, listing, rawCommand, SENT_BY, sentCommand } from './command-trial.ts';

async function pageOf(prepare: Parameters<typeof packed>[1], question = {}): Promise<string> {
  return readFileSync(join(await unpacked((await packed(question, prepare)).pack), 'index.html'), 'utf8');
}

describe('the page of a pack', () => {
  it('says what was run, with the lines of a script, targets, limits, counts and the sender', async () => {
    const html = await pageOf(sentCommand);
    expect(html).toContain('<h2>What was run</h2>');
    expect(html).toContain(
      '<h4>commands</h4><ol class="lines"><li>#!/bin/sh</li><li>set -e</li><li>\tcat &lt;&lt;\'END\' &gt; /etc/motd</li><li>rm -r /srv/cache</li><li>END</li></ol>',
    );
    for (const fact of ['<dd>tag:Name = web, db</dd>', '<dd>10%</dd>', '<dt>Targets found</dt><dd>7</dd>', SENT_BY])
      expect(html).toContain(fact);
    expect(html).toContain('<h4>AlarmConfiguration</h4>');
    expect(html).toContain('<h4>TriggeredAlarms</h4><ol class="lines"><li>[]</li></ol>');
  });

  it('has every member of a command', async () => {
    const html = await pageOf(listing({ ...markedCommand(), CommandId: COMMAND_ID }));
    for (const { aws, kind } of Object.values(COMMAND_MEMBERS)) {
      if (kind === 'integer' || kind === 'time' || kind === 'flag') continue;
      expect(html).toContain(`mark ${aws} of a command`);
    }
    expect(html).toContain(String(markedCommand().TimeoutSeconds));
  });

  it('says that parameters are not known if the service did not list the command', async () => {
    const html = await pageOf(() => undefined);
    expect(html).toContain('Parameters and targets are not known');
    expect(html).toContain('not known: no event of CloudTrail was imported for it');
    expect(html).not.toContain('<dt>Parameters</dt>');
  });

  it('says that a command without parameters ran with those of its document', async () => {
    expect(await pageOf(listing(rawCommand({ Parameters: {} })))).toContain('The service showed none');
  });
});

describe('hostile values of a command', () => {
  const HOSTILE = '</li><script>alert(1)</script><img src=x>"\u202e\u001b[2J\u0000\r';
  const all = rawCommand({
    ...{ Parameters: { [HOSTILE]: [HOSTILE, `{"commitment":"${'0'.repeat(64)}"}`], other: HOSTILE } },
    ...{ Targets: [{ Key: HOSTILE, Values: [HOSTILE] }, HOSTILE], DocumentName: HOSTILE, Comment: HOSTILE },
    ...{ MaxErrors: HOSTILE, StatusDetails: HOSTILE, [HOSTILE]: HOSTILE, InstanceIds: [HOSTILE] },
    OutputS3BucketName: 'half \ud800 a character',
  });

  it('become no markup in the page, are visible there, and verify as they were observed', async () => {
    const { pack } = await packed({}, listing(all));
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [], commands: 1 });
    const html = readFileSync(join(await unpacked(pack), 'index.html'), 'utf8');
    expect(html).not.toMatch(/<(img|script)\b/);
    for (const unseen of ['\u202e', '\u001b', '\u0000', '\r']) expect(html).not.toContain(unseen);
    expect(html).toContain('\\u202e\\x1b[2J\\x00\\r');
  });

  it('are shown as the values that they are if they look like commitments', async () => {
    const value = { commitment: '0'.repeat(64) };
    const { pack } = await packed({ redacted: ['Targets'] }, listing(rawCommand({ Parameters: { commands: value } })));
    const verdict = await verifyEvidence(pack, []);
    expect(verdict).toMatchObject({ verdict: 'consistent', faults: [], redacted: 1 });
    const rows = readFileSync(join(await unpacked(pack), 'commands.ndjson'), 'utf8');
    expect(JSON.parse(rows)).toMatchObject({ parameters: { commands: value }, targets: null });
  });

  it('are redacted although they are not of the type that the service sends, and the pack still verifies', async () => {
    const odd = rawCommand({ Comment: { a: 'srv/cache' }, Parameters: 'srv/cache', ServiceRole: ['srv/cache'] });
    const { pack } = await packed({ redacted: ['Comment', 'Parameters', 'ServiceRole'] }, listing(odd));
    // Three members of the command are redacted, and the comment of its invocation.
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [], redacted: 4 });
  });
});
