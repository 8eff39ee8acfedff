import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_REPORTS } from '../../../src/archive/reports/built-in-reports.ts';
import { MARCH } from '../proof/marked-archive.ts';
import { runCli } from '../run-cli.ts';
import { runHere } from '../run-here.ts';
import { folderWithArchive } from './asked-trial.ts';

const SPAN = ['--param', 'from=2026-01-01', '--param', 'to=2027-01-01'];
const DOCUMENT = ['--param', 'document=AWS-RunShelScript'];
const SAYS = '--param document "AWS-RunShelScript": the archive has never seen it. Did you mean "AWS-RunShellScript"?';

describe('a report that is run with a value that the archive has never seen', () => {
  it('exits with code 0 and names the value on standard error, in all formats', async () => {
    const folder = folderWithArchive();
    for (const format of ['table', 'json', 'csv', 'ndjson', 'markdown']) {
      const ran = await runCli(folder, ['report', 'what-ran', ...SPAN, ...DOCUMENT, '--format', format]);
      expect([ran.exitCode, ran.stderr]).toEqual([0, expect.stringContaining(SAYS)]);
    }
    const seen = await runCli(folder, ['report', 'what-ran', ...SPAN, '--param', 'document=AWS-RunShellScript']);
    expect([seen.exitCode, seen.stderr]).toEqual([0, expect.stringMatching(/^2 rows in [^\n]*\n$/)]);
  });

  it('is refused for a pack, unless --allow-unseen is given', async () => {
    const folder = folderWithArchive();
    const args = ['evidence', ...MARCH, '--output', 'p.zip', '--report', 'what-ran', ...SPAN, ...DOCUMENT];
    const refused = await runCli(folder, args);
    expect([refused.exitCode, refused.stderr.trimEnd()]).toEqual([
      ...[2, `${SAYS} Use --allow-unseen to ask for it anyway.`],
    ]);
    const made = await runCli(folder, [...args, '--allow-unseen', '--allow-empty', '--json']);
    expect([made.exitCode, JSON.parse(made.stdout).neverSeen]).toEqual([
      0,
      [{ filter: 'documentName', value: 'AWS-RunShelScript', parameter: 'document' }],
    ]);
  });

  it('names the value also for a report in archive.yaml whose parameters declare their filters', async () => {
    const folder = folderWithArchive();
    const sql = 'SELECT 1 FROM invocations WHERE document_name = :doc AND status = :end';
    const parameters = [
      { name: 'doc', type: 'text', description: 'The document.', filter: 'documentName' },
      { name: 'end', type: 'text', description: 'Its end.', filter: 'status', default: 'Success' },
    ];
    const report = { name: 'own', description: 'One of our own.', sql, parameters };
    writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ reports: [report] }));
    const ran = await runCli(folder, ['report', 'own', '--param', 'doc=AWS-RunShelScript']);
    expect([ran.exitCode, ran.stderr]).toEqual([0, expect.stringContaining(SAYS.replace('document', 'doc'))]);
    const wrong = await runHere(folder, ['report', 'own', '--param', 'doc=x', '--param', 'end=Faild']);
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      ...[
        2,
        expect.stringContaining('end: must be a Status or StatusDetails of AWS, not "Faild". Did you mean "Failed"?'),
      ],
    ]);
    const known = await runCli(folder, [
      'report',
      'own',
      '--param',
      'doc=AWS-RunShellScript',
      '--param',
      'end=success',
    ]);
    expect(known.stderr).toMatch(/^2 rows in /);
  });
});

describe('a report without rows', () => {
  it('says which span it searched, and whether that span is covered', async () => {
    const span = ['--param', 'from=2024-01-01', '--param', 'to=2024-02-01'];
    const ran = await runCli(folderWithArchive(), ['report', 'what-ran', ...span]);
    expect([ran.exitCode, ran.stderr]).toEqual([
      0,
      expect.stringMatching(
        /^0 rows in .*\nLooked at what was requested from 2024-01-01T00:00:00.000Z to 2024-02-01T00:00:00.000Z: nothing of it was collected/,
      ),
    ]);
  });
});

describe('a value that is impossible for its filter', () => {
  it('is refused by every built-in report, which says what it expected', async () => {
    const folder = folderWithArchive();
    const taking = BUILT_IN_REPORTS.filter(({ parameters }) => parameters.some(({ name }) => name === 'account'));
    expect(taking.length).toBeGreaterThan(2);
    for (const { name } of taking) {
      const { exitCode, stderr } = await runHere(folder, ['report', name, '--param', 'account=01234567890']);
      expect([exitCode, stderr]).toEqual([
        2,
        expect.stringContaining('account: must be the 12 digits of an AWS account, not "01234567890"'),
      ]);
    }
  });

  it('is refused by every parameter that is named like a filter, because the parameter declares that filter', () => {
    const filters = { account: 'account', document: 'documentName', node: 'instanceId', command: 'commandId' };
    for (const { parameters } of BUILT_IN_REPORTS)
      for (const { name, filter } of parameters)
        expect(filter).toBe(new Map<string, string>(Object.entries(filters)).get(name));
  });
});
