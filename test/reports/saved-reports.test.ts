import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_REPORTS } from '../../src/archive/reports/built-in-reports.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { Report } from '../../src/questions/reports/report.ts';
import { reportForm } from '../../src/questions/reports/report-form.ts';
import { checkReports } from '../../src/reports/check-reports.ts';
import { ReportIsFixed, ReportNotFound, ReportsFileInvalid, ReportsMisconfigured } from '../../src/reports/errors.ts';
import { findReport } from '../../src/reports/find-report.ts';
import { listReports } from '../../src/reports/list-reports.ts';
import type { ReportsDeps } from '../../src/reports/reports-deps.ts';
import { deleteReport } from '../../src/reports/saved/delete-report.ts';
import { readSavedReports } from '../../src/reports/saved/read-saved-reports.ts';
import { saveReport } from '../../src/reports/saved/save-report.ts';
import { testProgram } from '../built-program.ts';
import { tempFolder } from '../db/temp-archive.ts';

function reportOf(name: string, more: Partial<Report> = {}): Report {
  return { name, description: 'A sentence.', sql: 'SELECT 1', parameters: [], ...more };
}

function depsOf(configured: readonly Report[] = []): ReportsDeps {
  return { configured, reportsFile: join(tempFolder(), 'data', 'reports.yaml') };
}

const WEEKLY = reportOf('weekly', {
  description: 'What failed: by week, "and so on" # not a comment.',
  sql: 'SELECT *\n  FROM invocations\n WHERE requested_at >= :from -- since then\n LIMIT :most\n',
  parameters: [
    { name: 'from', type: 'time', description: 'Start.', default: '-7d' },
    { name: 'most', type: 'integer', description: 'How many.', default: '012' },
  ],
});

describe('a saved report', () => {
  it('is found and listed among the other reports, and is read as it was saved', async () => {
    const deps = depsOf([reportOf('of-the-file')]);
    expect(await saveReport(deps, WEEKLY)).toEqual({ isNew: true });
    expect(await saveReport(deps, reportOf('another'))).toEqual({ isNew: true });
    expect(await findReport(deps, 'weekly')).toEqual({ ...WEEKLY, origin: 'saved' });
    expect((await findReport(deps, 'what-ran')).origin).toBe('built-in');
    const listed = await listReports(deps);
    expect(listed.map(({ name }) => name)).toEqual([...listed.map(({ name }) => name)].sort());
    expect(listed.filter(({ origin }) => origin !== 'built-in').map(({ name, origin }) => [name, origin])).toEqual([
      ['another', 'saved'],
      ['of-the-file', 'configured'],
      ['weekly', 'saved'],
    ]);
    expect(listed).toHaveLength(BUILT_IN_REPORTS.length + 3);
  });

  it('replaces the saved report with the same name, and is gone when it is deleted', async () => {
    const deps = depsOf();
    for (const name of ['a', 'b', 'c']) await saveReport(deps, reportOf(name));
    expect(await saveReport(deps, reportOf('b', { sql: 'SELECT 2' }))).toEqual({ isNew: false });
    await deleteReport(deps, 'a');
    const saved = await readSavedReports(deps.reportsFile);
    expect(saved).toEqual([reportOf('b', { sql: 'SELECT 2' }), reportOf('c')]);
    await expect(findReport(deps, 'a')).rejects.toThrow(ReportNotFound);
    await expect(deleteReport(deps, 'a')).rejects.toThrow('There is no report "a".');
    await expect(deleteReport(depsOf(), 'a')).rejects.toThrow(ReportNotFound);
  });

  it('cannot have the name of a report that ships with the program, or of a report in archive.yaml', async () => {
    const deps = depsOf([reportOf('mine')]);
    await expect(saveReport(deps, reportOf('what-ran'))).rejects.toThrow(/ships with ssm-archive/);
    await expect(saveReport(deps, reportOf('mine'))).rejects.toThrow(/is defined in archive\.yaml/);
    await expect(deleteReport(deps, 'what-ran')).rejects.toThrow(ReportIsFixed);
    await expect(deleteReport(deps, 'mine')).rejects.toThrow(ReportIsFixed);
  });

  it('can still be deleted if archive.yaml now has a report with its name, and is listed only once until then', async () => {
    const deps = depsOf();
    await saveReport(deps, reportOf('mine', { sql: 'SELECT 2' }));
    const now = { ...deps, configured: [reportOf('mine')] };
    expect((await listReports(now)).filter(({ name }) => name === 'mine')).toEqual([
      { ...reportOf('mine'), origin: 'configured' },
    ]);
    await deleteReport(now, 'mine');
    expect(await readSavedReports(deps.reportsFile)).toEqual([]);
  });

  it('is saved as YAML that a person can read and move to archive.yaml unchanged', async () => {
    const deps = depsOf();
    await saveReport(deps, WEEKLY);
    const text = readFileSync(deps.reportsFile, 'utf8');
    expect(text).toContain('    sql: |\n      SELECT *\n        FROM invocations\n');
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'archive.yaml'), text);
    const { config } = readConfig({ env: {}, cwd, faultOfSchedule: () => undefined });
    expect(config.reports).toEqual([WEEKLY]);
  });

  it('is read as it was saved, for any texts', async () => {
    const deps = depsOf();
    const odd = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '',
        ' ',
        '~',
        'null',
        'true',
        '0x1F',
        '- a',
        '? b',
        '|',
        '>',
        '&a',
        '*a',
        '!x',
        '%',
        '#',
        ': ',
        ' \n',
        '\n a',
        'a: b',
      ),
      fc.string({
        unit: fc.constantFrom('\n', ' ', '\t', '\r', 'a', '\u0085', '\u2028', '\ufeff', '\u0007', '"'),
        maxLength: 12,
      }),
    );
    await fc.assert(
      fc.asyncProperty(odd, odd, odd, async (description, inSql, otherwise) => {
        const sql = `SELECT '${inSql.replaceAll("'", "''").replaceAll('\0', '')}', :a`;
        const parameters = [{ name: 'a', type: 'text', description: 'A sentence.', default: otherwise }];
        const parsed = reportForm.safeParse({ name: 'odd', description, sql, parameters });
        if (!parsed.success) return;
        await saveReport(deps, parsed.data);
        expect(await readSavedReports(deps.reportsFile)).toEqual([parsed.data]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the file of saved reports', () => {
  it('keeps comments and other texts that a person wrote beside the reports', async () => {
    const deps = depsOf();
    await saveReport(deps, reportOf('a'));
    writeFileSync(
      deps.reportsFile,
      '# Ours.\nreports:\n  # The first.\n  - name: a\n    description: b\n    sql: SELECT 1 # one\n',
    );
    await saveReport(deps, reportOf('c'));
    const text = readFileSync(deps.reportsFile, 'utf8');
    expect(text).toMatch(/^# Ours\.\n/);
    expect(text).toContain('# The first.');
    expect(text).toContain('sql: SELECT 1 # one');
    expect((await readSavedReports(deps.reportsFile)).map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it.each([
    ['reports: [', /has faults/],
    ['- 1', /the file: /],
    ['reports:\n  - {name: a, description: b}', /reports\[0\]\.sql: is needed/],
    ['reports:\n  - {name: a, description: b, sql: "SELECT :c"}', /reports\[0\]\.sql: names :c/],
    ['report: []', /report: is not known here\. Did you mean "reports"\?/],
  ])(
    'is reported as faulty and left as it is if it is %j, and the reports that ship with the program still work',
    async (text, fault) => {
      const folder = tempFolder();
      const deps = { configured: [reportOf('mine')], reportsFile: join(folder, 'reports.yaml') };
      writeFileSync(deps.reportsFile, text);
      await expect(listReports(deps)).rejects.toThrow(fault);
      await expect(saveReport(deps, reportOf('a'))).rejects.toThrow(ReportsFileInvalid);
      expect((await findReport(deps, 'what-ran')).name).toBe('what-ran');
      expect((await findReport(deps, 'mine')).name).toBe('mine');
      expect(readFileSync(deps.reportsFile, 'utf8')).toBe(text);
      expect(readdirSync(folder)).toEqual(['reports.yaml']);
    },
  );

  it.each(['', '# nothing yet\n', 'reports: []\n', 'reports:\n'])('may be empty: %j', async (text) => {
    const deps = { configured: [], reportsFile: join(tempFolder(), 'reports.yaml') };
    writeFileSync(deps.reportsFile, text);
    expect(await readSavedReports(deps.reportsFile)).toEqual([]);
    await saveReport(deps, reportOf('a'));
    expect(await readSavedReports(deps.reportsFile)).toEqual([reportOf('a')]);
  });

  it('may be reached through a link, which stays a link', async () => {
    const deps = depsOf();
    await saveReport(deps, reportOf('a'));
    const linked = join(tempFolder(), 'linked.yaml');
    symlinkSync(deps.reportsFile, linked);
    await saveReport({ ...deps, reportsFile: linked }, reportOf('b'));
    expect((await readSavedReports(deps.reportsFile)).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('loses none of many reports that are saved at once, and leaves nothing else in the folder', async () => {
    const deps = depsOf();
    const names = Array.from({ length: 40 }, (_, i) => `r${i}`);
    await Promise.all(names.map((name) => saveReport(deps, reportOf(name))));
    expect((await readSavedReports(deps.reportsFile)).map(({ name }) => name).sort()).toEqual([...names].sort());
    await Promise.all(names.slice(0, 20).map((name) => deleteReport(deps, name)));
    expect(await readSavedReports(deps.reportsFile)).toHaveLength(20);
    expect(readdirSync(dirname(deps.reportsFile))).toEqual(['reports.yaml']);
  });

  it('loses none of the reports that several processes save', async () => {
    const deps = depsOf();
    const saver = testProgram('save-in-child').path;
    const children = ['x', 'y', 'z'].map((prefix) =>
      spawn(process.execPath, [saver, deps.reportsFile, prefix, '15'], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0]);
    expect(await readSavedReports(deps.reportsFile)).toHaveLength(45);
  });

  it('does not stay locked after a process died while it saved', async () => {
    const deps = depsOf();
    await saveReport(deps, reportOf('a'));
    const lock = `${deps.reportsFile}.lock`;
    writeFileSync(lock, 'of one that died');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    await Promise.all(['b', 'c', 'd'].map((name) => saveReport(deps, reportOf(name))));
    expect(await readSavedReports(deps.reportsFile)).toHaveLength(4);
    expect(readdirSync(dirname(deps.reportsFile))).toEqual(['reports.yaml']);
  });
});

describe('reports of archive.yaml', () => {
  const now = new Date('2026-03-31T12:00:00Z');
  const deliver = (report: string, values: Record<string, string> = {}) =>
    ({ report, schedule: '0 6 * * *', directory: '/out', format: 'csv', values }) as const;

  it('may have schedules, as may saved reports and reports that ship with the program', async () => {
    const deps = depsOf([reportOf('mine')]);
    await saveReport(deps, WEEKLY);
    const deliveries = [deliver('mine'), deliver('what-ran', { from: '-7d' }), deliver('weekly')];
    await expect(checkReports(deps, deliveries, now)).resolves.toBeUndefined();
  });

  it('have all faults of schedules and names reported at once', async () => {
    const deps = depsOf([reportOf('what-ran')]);
    const deliveries = [deliver('nowhere'), deliver('slowest-steps', { most: 'all', form: 'x' })];
    const error = await checkReports(deps, deliveries, now).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ReportsMisconfigured);
    expect(error).toHaveProperty('faults', [
      'what-ran: a report of this name ships with ssm-archive; give yours another name',
      'nowhere: has a schedule, but is not defined',
      expect.stringMatching(/^slowest-steps\.values\.most: must be a whole number/),
      expect.stringMatching(/^slowest-steps\.values\.form: is not a parameter of slowest-steps/),
    ]);
  });
});
