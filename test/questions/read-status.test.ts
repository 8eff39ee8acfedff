import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUSES } from '../../src/model/final-status.ts';
import { readStatus } from '../../src/questions/read-status.ts';

describe('reading a status', () => {
  it.each([
    ['Failed', 'Failed'],
    ['failed', 'Failed'],
    ['Delivery Timed Out', 'DeliveryTimedOut'],
    ['execution-timed-out', 'ExecutionTimedOut'],
    ['IN_PROGRESS', 'InProgress'],
    [' timed out ', 'TimedOut'],
    ['Canceled', 'Cancelled'],
    ['canceling', 'Cancelling'],
    ['no instances in tag', 'NoInstancesInTag'],
  ])('reads %j as %s', (typed, value) => {
    expect(readStatus(typed)).toEqual({ value });
  });

  it.each([
    ['Faild', ['Failed']],
    ['Sucess', ['Success']],
    ['succeeded', ['Success']],
    ['running', ['InProgress']],
    ['timeout', ['TimedOut']],
    ['Deliv', ['DeliveryTimedOut']],
    ['purple', []],
    ['', []],
    ['%', []],
  ])('does not accept %j, and returns similar statuses', (typed, near) => {
    expect(readStatus(typed)).toEqual({ near });
  });

  it('accepts a status that is only in the archive, and returns it as it is', () => {
    const known = ['Superseded', 'Canceled', 'FAILED', 'Half Done'];
    expect(readStatus('Superseded')).toEqual({ near: [] });
    expect(readStatus('Superseded', known)).toEqual({ value: 'Superseded' });
    expect(readStatus('half-done', known)).toEqual({ value: 'Half Done' });
    expect(readStatus('FAILED', known)).toEqual({ value: 'FAILED' });
    expect(readStatus('failed', known)).toEqual({ value: 'Failed' });
    expect(readStatus('Canceled', known)).toEqual({ value: 'Canceled' });
    expect(readStatus('Superseeded', known)).toEqual({ near: ['Superseded'] });
  });

  it('returns only values that are listed or known, for any text', () => {
    const names = STATUSES.map(({ name }): string => name);
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (typed, known) => {
        const read = readStatus(typed, known);
        const given = 'value' in read ? [read.value] : read.near;
        for (const one of given) expect([...names, ...known]).toContain(one);
        if ([...names, ...known].includes(typed)) expect(read).toEqual({ value: typed });
      }),
    );
  });
});
