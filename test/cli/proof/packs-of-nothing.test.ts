import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { unpacked } from '../../archive/evidence/pack-trial.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { textOfHtml } from '../../http/console/console-trial.ts';
import { runCli } from '../run-cli.ts';
import { archiveSignedBy, MARCH, noteKeyOf, record, verify, verifyJson } from './marked-archive.ts';

const KEY = noteKeyOf(1).verifierKey;
const PACK = [...MARCH, '--output', 'pack.zip'];
const ABSENCE = /proves an absence only where coverage is complete/;

/** How many leaves and checkpoints an archive has. */
function ledgerOf(folder: string): unknown {
  const db = openArchive(join(folder, 'data', 'archive.db'));
  try {
    const sql =
      'SELECT (SELECT max(seq) FROM ledger_entries) AS leaves, (SELECT count(*) FROM ledger_checkpoints) AS signed';
    return db.sqlite.prepare(sql).get();
  } finally {
    db.close();
  }
}

const NOTHING = [
  [['--status', 'failed']],
  [['--document', 'AWS-RunPatchBaselin', '--allow-unseen']],
  [['--account', '999999999999', '--allow-unseen']],
  [['--instance', 'i-nobody', '--without-outputs', '--allow-unseen']],
  [['--sql', "SELECT * FROM invocations WHERE status = 'none'"]],
  [['--report', 'what-ran', '--param', 'from=2020-01-01', '--param', 'to=2020-01-02']],
];

describe('a pack without invocations', () => {
  it.each(NOTHING)('is not made, and leaves no file, with the filter %j', async (filter) => {
    const { folder } = archiveSignedBy(1);
    const { exitCode, stdout, stderr } = await runCli(folder, ['evidence', ...PACK, ...filter]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^No pack was made: .* --allow-empty .*/);
    expect(readdirSync(folder).sort()).toEqual(['checkpoint-0', 'data']);
  });

  it('causes no signature and no new key', async () => {
    const folder = tempFolder();
    record(folder, ['i-1']);
    const before = ledgerOf(folder);
    expect((await runCli(folder, ['evidence', ...PACK, '--status', 'failed'])).exitCode).toBe(1);
    expect(ledgerOf(folder)).toEqual(before);
    expect(existsSync(join(folder, 'data', 'archive-ledger.key'))).toBe(false);
  });

  it('is made with --allow-empty, and says in the first line of each of its texts what it does not prove', async () => {
    const { folder } = archiveSignedBy(1);
    const { exitCode, stdout } = await runCli(folder, [
      ...['evidence', ...PACK, '--account', '999999999999', '--allow-empty', '--allow-unseen'],
    ]);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(ABSENCE)]);
    const { first, exitCode: code } = await verify(folder, '--key', KEY, 'pack.zip');
    expect([code, first]).toEqual([0, expect.stringMatching(/^GENUINE .*pack\.zip/)]);
    expect(first).toMatch(ABSENCE);
    const unchecked = await verify(folder, 'pack.zip');
    expect([unchecked.exitCode, unchecked.first]).toEqual([3, expect.stringMatching(ABSENCE)]);
    expect(await verifyJson(folder, 'pack.zip')).toMatchObject({ rows: 0, isEmpty: true });
    const files = await unpacked(join(folder, 'pack.zip'));
    expect(readFileSync(join(files, 'VERIFY.md'), 'utf8').split('\n')[0]).toMatch(ABSENCE);
    const body = readFileSync(join(files, 'index.html'), 'utf8').split('<body>')[1] ?? '';
    expect(textOfHtml(body).slice(0, 160)).toMatch(ABSENCE);
    // Nobody ever collected this account, so nothing proves that it has no invocation.
    expect(textOfHtml(body)).toMatch(/NOT complete: the archive knows of no listing there/);
  });
});

describe('every pack', () => {
  it('states the coverage of its span before its content, wherever its content is described', async () => {
    const { folder } = archiveSignedBy(1);
    const made = await runCli(folder, ['evidence', ...PACK]);
    expect(made.stdout).toMatch(/^Pack .*\nCoverage +NOT complete/);
    const { text } = await verify(folder, '--key', KEY, 'pack.zip');
    expect(text).toMatch(/^GENUINE .*\nCoverage +NOT complete: .*\n(?: {13}.*\n)+Holds +2 invocations/);
    const verdict = await verifyJson(folder, '--key', KEY, 'pack.zip');
    expect(verdict).toMatchObject({
      coverage: {
        complete: false,
        statement: expect.arrayContaining([expect.stringMatching(/: not listed: from 2026-03-15/)]),
      },
    });
    const files = await unpacked(join(folder, 'pack.zip'));
    const manifest = JSON.parse(readFileSync(join(files, 'manifest.json'), 'utf8'));
    expect([Object.keys(manifest)[0], manifest.coverage]).toEqual(['coverage', verdict.coverage]);
    expect(readFileSync(join(files, 'VERIFY.md'), 'utf8')).toMatch(
      /^# .*\n\n## Coverage of the span\n\n[\s\S]*NOT complete/,
    );
    expect(textOfHtml(readFileSync(join(files, 'index.html'), 'utf8'))).toMatch(
      /Run Command Coverage of the span NOT complete[\s\S]* Found 2 invocations/,
    );
  });
});

describe('a certificate that would cover no account and region', () => {
  it('is not signed, because it would state nothing', async () => {
    const { folder } = archiveSignedBy(1);
    for (const filter of [
      ['--account', '999999999999'],
      ['--region', 'eu-nowhere-1'],
    ]) {
      const { exitCode, stdout, stderr } = await runCli(folder, [
        'coverage',
        '--certificate',
        ...filter,
        '--json',
        '--allow-unseen',
      ]);
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/Nothing is certified: .*(999999999999|eu-nowhere-1)/);
    }
    const empty = tempFolder();
    openArchive(join(empty, 'data', 'archive.db')).close();
    const { exitCode, stdout } = await runCli(empty, ['coverage', '--certificate']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(existsSync(join(empty, 'data', 'archive-ledger.key'))).toBe(false);
  });
});
