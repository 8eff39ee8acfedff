import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FINAL_STATUSES, KNOWN_STATUSES } from '../../src/model/final-status.ts';
import { readStatus, STATUS_LIST, STATUSES } from '../../src/model/statuses.ts';

// The enumerations of CommandInvocationStatus, CommandPluginStatus and CommandStatus in the model of AWS's API.
const OF_INVOCATIONS = ['Pending', 'InProgress', 'Delayed', 'Success', 'Cancelled', 'TimedOut', 'Failed', 'Cancelling'];
const OF_PLUGINS = ['Pending', 'InProgress', 'Success', 'TimedOut', 'Cancelled', 'Failed'];
const OF_COMMANDS = ['Pending', 'InProgress', 'Success', 'Cancelled', 'Failed', 'TimedOut', 'Cancelling'];

describe('the list of statuses', () => {
  it('has each Status of the API’s model, and nothing else as a Status', () => {
    const listed = STATUSES.filter(({ isStatus }) => isStatus).map(({ name }) => name);
    expect([...listed].sort()).toEqual([...new Set([...OF_INVOCATIONS, ...OF_PLUGINS, ...OF_COMMANDS])].sort());
    expect(listed).toEqual(KNOWN_STATUSES);
  });

  it('has the StatusDetails of AWS’s guide, each once', () => {
    const details = STATUSES.filter(({ isStatus }) => !isStatus).map(({ name }) => name);
    expect([...details].sort()).toEqual([
      ...['AccessDenied', 'DeliveryTimedOut', 'ExecutionTimedOut', 'Incomplete', 'InvalidPlatform', 'LimitExceeded'],
      ...['NoInstancesInTag', 'RateExceeded', 'Terminated', 'Undeliverable'],
    ]);
    expect(new Set(STATUSES.map(({ name }) => name)).size).toBe(STATUSES.length);
    expect(STATUS_LIST.flatMap(({ details }) => details)).toEqual(expect.arrayContaining(details));
  });

  it('knows of each whether it is an end', () => {
    for (const { name, isStatus, kind } of STATUSES)
      if (isStatus) expect(kind !== 'busy', name).toBe(FINAL_STATUSES.includes(name));
    expect(STATUSES.find(({ name }) => name === 'Undeliverable')?.kind).toBe('bad');
  });
});

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
  ])('takes %j for %s', (typed, value) => {
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
  ])('does not take %j, and gives what is near', (typed, near) => {
    expect(readStatus(typed)).toEqual({ near });
  });

  it('takes a status that only the archive has, and leaves it as it is', () => {
    const known = ['Superseded', 'Canceled', 'FAILED', 'Half Done'];
    expect(readStatus('Superseded')).toEqual({ near: [] });
    expect(readStatus('Superseded', known)).toEqual({ value: 'Superseded' });
    expect(readStatus('half-done', known)).toEqual({ value: 'Half Done' });
    expect(readStatus('FAILED', known)).toEqual({ value: 'FAILED' });
    expect(readStatus('failed', known)).toEqual({ value: 'Failed' });
    expect(readStatus('Canceled', known)).toEqual({ value: 'Canceled' });
    expect(readStatus('Superseeded', known)).toEqual({ near: ['Superseded'] });
  });

  it('gives only values that are listed or known, whatever the text', () => {
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
