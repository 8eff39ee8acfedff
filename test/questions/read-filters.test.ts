import { describe, expect, it } from 'vitest';
import { FILTER_NAMES, FILTERS, type FilterName } from '../../src/questions/filters.ts';
import { readFilters } from '../../src/questions/read-filters.ts';
import { sayFilter } from '../../src/questions/say-filter.ts';

const NOW = new Date('2026-03-31T12:00:00Z');

function faultOf(name: FilterName, ...typed: string[]): string | undefined {
  const { faults } = readFilters({ [name]: typed }, { now: NOW });
  for (const { filter } of faults) expect(filter).toBe(name);
  return faults[0]?.message;
}

describe('a filter', () => {
  it.each(FILTER_NAMES)('%s reads the example that its own description gives', (name) => {
    expect(faultOf(name, FILTERS[name].example)).toBeUndefined();
  });

  it.each(FILTER_NAMES)('%s has a unique name, label and option', (name) => {
    const others = FILTER_NAMES.filter((other) => other !== name).map((other) => FILTERS[other]);
    const { label, option } = FILTERS[name];
    expect(others.filter((other) => other.label === label || other.option.flags === option.flags)).toEqual([]);
  });

  it.each(FILTER_NAMES.filter((name) => !FILTERS[name].many))('%s is refused if it is given twice', (name) => {
    expect(faultOf(name, FILTERS[name].example, FILTERS[name].example)).toBe('must be given once');
  });

  it.each<[FilterName, string, string]>([
    ['account', '12345678901', 'must be the 12 digits of an AWS account, not "12345678901"'],
    ['account', '1234 5678 9012', 'must be the 12 digits'],
    ['account', '', 'must not be empty'],
    ['region', 'EU-WEST-1', 'must be an AWS region such as eu-west-1'],
    ['region', 'Ireland', 'must be an AWS region such as eu-west-1'],
    ['requestedAfter', 'garbage', 'must be a date such as 2026-03-01'],
    ['requestedAfter', '2026-02-30', 'must be a date such as 2026-03-01'],
    ['requestedBefore', '01.03.2026', 'must be a date such as 2026-03-01'],
    ['responseCode', 'x', 'must be a code such as 0'],
    ['q', '"unbalanced', 'The quote is not closed.'],
    ['documentName', 'x'.repeat(2001), 'must have at most 2000 characters'],
    ['comment', '\ud800', 'must be text without lone surrogates'],
  ])('%s has a message about the fault of %j', (name, typed, message) => {
    expect(faultOf(name, typed)).toContain(message);
  });

  it.each(['us-gov-west-1', 'ap-southeast-3', 'cn-northwest-1', 'us-iso-east-1', 'mx-central-1', 'eusc-de-east-1'])(
    'region accepts %s, a region of AWS',
    (region) => {
      expect(faultOf('region', region)).toBeUndefined();
    },
  );
});

describe('filters together', () => {
  it('refuse a span that ends before it begins, or at the same moment', () => {
    for (const requestedBefore of ['2026-03-01', '2026-02-01']) {
      const { faults } = readFilters({ requestedAfter: '2026-03-01', requestedBefore }, { now: NOW });
      expect(faults).toEqual([
        {
          filter: 'requestedBefore',
          message: expect.stringContaining(
            'must be later than requestedAfter: requestedAfter is 2026-03-01T00:00:00.000Z',
          ),
        },
      ]);
    }
  });

  it('report all faults at once, and the filters without faults are read', () => {
    const typed = { account: 'x', requestedAfter: 'y', region: 'eu-west-1', status: 'Failed, TimedOut' };
    const { filter, faults } = readFilters(typed, { now: NOW });
    expect(faults.map(({ filter: name }) => name)).toEqual(['account', 'requestedAfter']);
    expect(filter).toEqual({ region: 'eu-west-1', status: ['Failed', 'TimedOut'] });
  });

  it('are shown to a person with their labels', () => {
    const { filter } = readFilters(
      { account: '111122223333', status: ['Failed', 'TimedOut'], responseCode: '!0' },
      { now: NOW },
    );
    expect(sayFilter(filter)).toBe('Account: 111122223333; Status: Failed, TimedOut; Exit code of a step: <> 0');
    expect(sayFilter({})).toBe('');
  });
});
