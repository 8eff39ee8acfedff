import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../../src/config/config-invalid.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { faultOfSchedule } from '../../src/ingest/schedule.ts';
import { tempFolder } from '../db/temp-archive.ts';

function read(yaml: string) {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'archive.yaml'), yaml);
  return { cwd, ...readConfig({ env: {}, cwd, faultOfSchedule }).config };
}

function faultsOf(yaml: string): string[] {
  try {
    read(yaml);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.faults.map(({ key, problem }) => `${key}: ${problem}`);
    throw error;
  }
  throw new Error('The configuration has no faults.');
}

const SOUND = `
reports:
  - name: failures
    description: What failed.
    sql: |
      SELECT * FROM invocations
       WHERE status = 'Failed' AND requested_at >= :from LIMIT :most
    parameters:
      - {name: from, type: time, description: Start., default: -7d}
      - {name: most, type: integer, description: How many.}
`;

describe('reports in archive.yaml', () => {
  it('are read with their parameters, including numbers without quotes', () => {
    const { reports, deliveries } = read(SOUND);
    expect(reports).toEqual([
      {
        name: 'failures',
        description: 'What failed.',
        sql: "SELECT * FROM invocations\n WHERE status = 'Failed' AND requested_at >= :from LIMIT :most\n",
        parameters: [
          { name: 'from', type: 'time', description: 'Start.', default: '-7d' },
          { name: 'most', type: 'integer', description: 'How many.' },
        ],
      },
    ]);
    expect(deliveries).toEqual([]);
  });

  it('are written on a schedule if they have a schedule and a folder', () => {
    const more = '    schedule: "0 6 * * 1"\n    directory: out/weekly\n    values: {most: 100}\n';
    const { cwd, deliveries } = read(SOUND + more);
    const delivery = { report: 'failures', schedule: '0 6 * * 1', directory: join(cwd, 'out', 'weekly') };
    expect(deliveries).toEqual([{ ...delivery, format: 'csv', values: { most: '100' } }]);
  });

  it('may schedule a report that is defined elsewhere, even several times', () => {
    const entry = (format: string) =>
      `  - {name: what-ran, schedule: "0 6 * * 1", directory: /out, format: ${format}}\n`;
    const { reports, deliveries } = read(`reports:\n${entry('csv')}${entry('ndjson')}`);
    expect(reports).toEqual([]);
    expect(deliveries.map(({ report, format, values }) => [report, format, values])).toEqual([
      ['what-ran', 'csv', {}],
      ['what-ran', 'ndjson', {}],
    ]);
  });

  it.each([
    ['{name: a}', ['reports[0].description: is needed: a sentence', 'reports[0].sql: is needed: one SELECT']],
    [
      '{name: A, description: b, sql: SELECT 1}',
      [expect.stringMatching(/^reports\[0\]\.name: must be at most 63 lower-case/)],
    ],
    ['{name: a, description: b, sql: "SELECT :x"}', ['reports[0].sql: names :x, which is not one of the parameters']],
    [
      '{name: a, description: b, sql: "SELECT :x", parameters: [{name: x, type: int, description: c}]}',
      [
        'reports[0].parameters[0].type: must be text, integer, real, date, time or zone, not "int". Did you mean "integer"?',
      ],
    ],
    [
      '{name: a, description: b, sql: "SELECT :x", parameters: [{name: x, type: integer, description: c, default: y}]}',
      ['reports[0].parameters[0].default: must be a whole number of at most 64 bits, such as 30, not "y"'],
    ],
    [
      '{name: a, description: b, sql: SELECT 1, query: SELECT 2}',
      ['reports[0].query: is not a setting; see docs/configuration.md'],
    ],
    [
      '{name: a, description: b, sql: SELECT 1, directory: c, format: csv}',
      ['reports[0].directory: has no effect without a schedule', 'reports[0].format: has no effect without a schedule'],
    ],
    ['{name: a, schedule: "0 6 * * *"}', ['reports[0].directory: is needed with a schedule: the folder to write to']],
    [
      '{name: a, schedule: weekly, directory: b}',
      [expect.stringMatching(/^reports\[0\]\.schedule: "weekly" is not a cron expression/)],
    ],
    [
      '{name: a, schedule: "0 6 * * *", directory: b, for: excel}',
      ['reports[0].for: must be spreadsheet, not "excel"'],
    ],
    [
      '{name: a, schedule: "0 6 * * *", directory: b, format: ndjson, for: spreadsheet}',
      ['reports[0].for: works only with csv: leave format out'],
    ],
    [
      '{name: a, schedule: "0 6 * * *", directory: b, format: parquet, for: spreadsheet}',
      ['reports[0].for: works only with csv: leave format out'],
    ],
    [
      '{name: a, description: b, sql: SELECT 1, for: spreadsheet}',
      ['reports[0].for: has no effect without a schedule'],
    ],
    [
      '{name: a, schedule: "0 6 * * *", directory: b, format: xlsx}',
      ['reports[0].format: must be csv, ndjson, parquet or arrow, not "xlsx"'],
    ],
    [
      '{name: a, description: b, sql: SELECT 1}\n  - {name: a, description: b, sql: SELECT 2}',
      ['reports[1].name: "a" is already the name of an earlier report; each report needs its own name'],
    ],
  ])('have faults that are reported with their keys, for the entry %s', (entry, faults) => {
    expect(faultsOf(`reports:\n  - ${entry}\n`)).toEqual(faults);
  });

  it('cannot be scheduled with values that they do not accept', () => {
    const more = '    schedule: "0 6 * * 1"\n    directory: out\n    values: {from: then, mots: 1}\n';
    expect(faultsOf(SOUND + more)).toEqual([
      expect.stringMatching(/^reports\[0\]\.values\.from: must be a date .*, not "then"$/),
      'reports[0].values.most: is needed: How many.',
      'reports[0].values.mots: is not a parameter of failures; its parameters are from, most. Did you mean "most"?',
    ]);
  });
});
