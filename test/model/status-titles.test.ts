import { CommandInvocationStatus, CommandPluginStatus, CommandStatus } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { KNOWN_STATUSES, kindOfDetails } from '../../src/model/final-status.ts';
import { anchorOfStatus, EXPLAINED_STATUSES, titleOfStatus, UNKNOWN_STATUS } from '../../src/model/status-titles.ts';

/** The names in AWS's guide, without the spaces that the guide prints in them. */
const DETAILS = [
  ...['Pending', 'InProgress', 'Delayed', 'Success', 'DeliveryTimedOut', 'ExecutionTimedOut', 'Failed', 'Cancelled'],
  ...['Undeliverable', 'Terminated', 'InvalidPlatform', 'AccessDenied', 'Incomplete', 'RateExceeded'],
  'NoInstancesInTag',
];
const OF_SDK = [CommandInvocationStatus, CommandPluginStatus, CommandStatus].flatMap((one) =>
  Object.values<string>({ ...one }),
);
const UNKNOWN = /A status that this version does not know/;

describe('the title of a status', () => {
  it('exists for each status of AWS’s SDK, its guide and the archive, and for no other', () => {
    const all = new Set<string>([...OF_SDK, ...DETAILS, ...KNOWN_STATUSES]);
    expect(all.size).toBeGreaterThan(15);
    for (const name of all) {
      expect(titleOfStatus(name), name).not.toMatch(UNKNOWN);
      expect(anchorOfStatus(name)).toBe(name);
    }
    for (const { name } of EXPLAINED_STATUSES) expect(kindOfDetails(name) ?? name).not.toBe(undefined);
  });

  it('is one or two sentences, and says whether anything follows', () => {
    for (const { name } of EXPLAINED_STATUSES)
      for (const of of ['invocation', 'command'] as const) {
        const title = titleOfStatus(name, null, of);
        expect(title.match(/\.(?= |$)/g)?.length, title).toBe(2);
        expect(title).toMatch(/\. (Final[.;]|Not final\.)/);
      }
  });

  it('says whether a status counts toward max-errors, as AWS does', () => {
    for (const name of ['Failed', 'ExecutionTimedOut'])
      expect(titleOfStatus(name)).toMatch(/; counts toward max-errors/);
    for (const name of ['DeliveryTimedOut', 'Undeliverable', 'AccessDenied', 'InvalidPlatform'])
      expect(titleOfStatus(name)).toMatch(/; does not count toward max-errors/);
  });

  it('is about the StatusDetails if these say more, and differs for a command if AWS means something else by the status', () => {
    expect(titleOfStatus('TimedOut', 'DeliveryTimedOut')).toBe(titleOfStatus('DeliveryTimedOut'));
    expect(titleOfStatus('Failed', null, 'command')).toMatch(
      /^The number of invocations that failed has reached max-errors/,
    );
    expect(titleOfStatus('Failed', '')).toBe(titleOfStatus('Failed'));
  });

  it('says that an unknown status is unknown, and that a missing one is missing', () => {
    expect(titleOfStatus('Exploded')).toMatch(UNKNOWN);
    expect(titleOfStatus('toString')).toMatch(UNKNOWN);
    expect(titleOfStatus('Failed', 'Exploded')).toMatch(/^Unknown details of the status Failed\. Final/);
    for (const none of [null, '']) expect(titleOfStatus(none)).toMatch(/^The service gave no status\. Not final/);
    expect(anchorOfStatus('Exploded')).toBe(UNKNOWN_STATUS);
    expect(anchorOfStatus(null)).toBe(UNKNOWN_STATUS);
  });
});
