import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindReport, ReportValuesInvalid } from '../../../src/questions/reports/bind-report.ts';
import type { Report, ReportParameterType } from '../../../src/questions/reports/report.ts';

const NOW = new Date('2026-03-31T12:30:15.250Z');

function reportOf(type: ReportParameterType, otherwise?: string): Report {
  const parameter = {
    name: 'a',
    type,
    description: 'What a is.',
    ...(otherwise !== undefined && { default: otherwise }),
  };
  return { name: 'r', description: 'd', sql: 'SELECT :a', parameters: [parameter] };
}

function faultsOf(report: Report, given: Record<string, string>) {
  try {
    bindReport(report, given, NOW);
  } catch (error) {
    if (error instanceof ReportValuesInvalid) return error.faults;
    throw error;
  }
  throw new Error('There are no faults.');
}

describe('a value of a report’s parameter', () => {
  it.each<[ReportParameterType, string, string | number | bigint]>([
    ['text', '', ''],
    ['text', " it's ", " it's "],
    ['integer', '30', 30n],
    ['integer', '+30', 30n],
    ['integer', '-0', 0n],
    ['integer', '9223372036854775807', 9223372036854775807n],
    ['integer', '-9223372036854775808', -9223372036854775808n],
    ['real', '0.5', 0.5],
    ['real', '-1e-3', -0.001],
    ['real', '.5', 0.5],
    ['real', '5', 5],
    ['date', '2026-03-01', '2026-03-01'],
    ['date', 'today', '2026-03-31'],
    ['date', 'now', '2026-03-31'],
    ['date', '-30d', '2026-03-01'],
    ['date', '-13h', '2026-03-30'],
    ['time', '2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['time', '2026-03-01T09:30:00+02:00', '2026-03-01T07:30:00.000Z'],
    ['time', '2026-03-01T09:30:00.1239Z', '2026-03-01T09:30:00.123Z'],
    ['time', 'now', '2026-03-31T12:30:15.250Z'],
    ['time', 'today', '2026-03-31T00:00:00.000Z'],
    ['time', '-30d', '2026-03-01T12:30:15.250Z'],
    ['time', '-12h', '2026-03-31T00:30:15.250Z'],
    ['time', '-0d', '2026-03-31T12:30:15.250Z'],
  ])('is bound according to its type, %s: %j as %s', (type, text, expected) => {
    expect(bindReport(reportOf(type), { a: text }, NOW)).toEqual({ a: expected });
    expect(bindReport(reportOf(type, text), {}, NOW)).toEqual({ a: expected });
  });

  it.each<[ReportParameterType, string]>([
    ['integer', ''],
    ['integer', '1.0'],
    ['integer', '1e3'],
    ['integer', '0x10'],
    ['integer', ' 1'],
    ['integer', '9223372036854775808'],
    ['integer', '9'.repeat(1000)],
    ['real', 'Infinity'],
    ['real', '1e999'],
    ['real', '.'],
    ['real', ''],
    ['date', '2026-02-30'],
    ['date', '2026-03-01T00:00:00Z'],
    ['date', 'tomorrow'],
    ['date', '-9999999d'],
    ['time', '2026-03-01T09:30:00'],
    ['time', '30d'],
    ['time', '-30x'],
    ['time', ''],
  ])('must fit its type, %s: %j is refused', (type, text) => {
    const [fault, ...more] = faultsOf(reportOf(type), { a: text });
    expect(more).toEqual([]);
    expect(fault?.field).toBe('a');
    expect(fault?.message).toMatch(/^must be an? .*, not "/);
  });

  it('stays an integer in SQL if it is an integer, even above 2^53', () => {
    const sqlite = new SQLite(':memory:');
    const ask = sqlite.prepare<[object], string>("SELECT typeof(:a) || ' ' || :a").pluck();
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(ask.get(bindReport(reportOf('integer'), { a: String(value) }, NOW))).toBe(`integer ${value}`);
      }),
    );
  });
});

describe('a span of the parameters from and to', () => {
  const span = (type: ReportParameterType): Report => ({
    ...{ name: 'r', description: 'd', sql: 'SELECT :from, :to' },
    parameters: ['from', 'to'].map((name) => ({ name, type, description: 'What it is.' })),
  });

  it.each<[ReportParameterType, string, string]>([
    ['time', '2026-03-02', '2026-03-01'],
    ['time', '2026-03-01', '2026-03-01'],
    ['date', '2026-03-02', '2026-03-01'],
  ])('is refused for type %s if it ends before it begins: %s to %s', (type, from, to) => {
    expect(faultsOf(span(type), { from, to })).toEqual([
      { field: 'to', message: expect.stringContaining('must be later than from') },
    ]);
  });

  it.each<[ReportParameterType, string, string]>([
    ['date', '2026-03-01', '2026-03-01'],
    ['text', 'b', 'a'],
  ])('is accepted for type %s: %s to %s', (type, from, to) => {
    expect(bindReport(span(type), { from, to }, NOW)).toEqual({ from, to });
  });
});

describe('the values with which a report is run', () => {
  const report: Report = {
    name: 'what-ran',
    description: 'd',
    sql: 'SELECT :from, :days, :node',
    parameters: [
      { name: 'from', type: 'time', description: 'Start.', default: '-30d' },
      { name: 'days', type: 'integer', description: 'How many days.' },
      { name: 'node', type: 'text', description: 'Which node.' },
    ],
  };

  it('are the given values, and the defaults of the other parameters', () => {
    expect(bindReport(report, { days: '7', node: '' }, NOW)).toEqual({
      from: '2026-03-01T12:30:15.250Z',
      days: 7n,
      node: '',
    });
  });

  it('are refused with all faults at once', () => {
    expect(faultsOf(report, { from: 'then', days: 'few', limit: '1', toString: '1' })).toEqual([
      { field: 'from', message: expect.stringMatching(/^must be a date such as .*, not "then"$/) },
      { field: 'days', message: 'must be a whole number of at most 64 bits, such as 30, not "few"' },
      { field: 'node', message: 'is needed: Which node.' },
      { field: 'limit', message: 'is not a parameter of what-ran; its parameters are from, days, node' },
      { field: 'toString', message: 'is not a parameter of what-ran; its parameters are from, days, node' },
    ]);
    const none = { ...report, parameters: [] };
    expect(faultsOf(none, { a: '1' })).toEqual([
      { field: 'a', message: 'is not a parameter of what-ran, which has no parameters' },
    ]);
  });
});
