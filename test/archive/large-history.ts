import { MINUTE_MS } from '../../src/lib/time.ts';
import { type AskedValues, at, START_MS } from './listing-arbitraries.ts';
import type { InvocationState, Reply, Shown, StepState } from './listing-model.ts';

const ACCOUNTS = 75;
const HALF = 28;
const STEPS = 7;

export const COMMON_REGION = 'eu-west-1';
export const RARE_REGION = 'us-east-1';

/**
 * A history that has values on both sides of each of the planner's thresholds: for each kind of value, one that over
 * 2,000 invocations or 20,000 steps have and one that few have; also a region with more than 60 accounts. It has over
 * 4,000 invocations; some of them change twice.
 */
export function largeHistory(): Reply[] {
  const replies: Reply[] = [];
  const show = (account: number, region: string, minute: number, groups: number, version: number) => {
    const shown = Array.from({ length: groups }, (_, group) => shownOf(account, group, version));
    replies.push({ source: { accountId: accountOf(account), region }, observedAt: at(minute), shown });
  };
  for (let account = 0; account < ACCOUNTS; account++) show(account, COMMON_REGION, account % 6, 2 * HALF, 0);
  for (let account = 0; account < 3; account++) show(account, RARE_REGION, 6, 10, 0);
  for (let account = 0; account < 9; account++) show(account, COMMON_REGION, 7 + (account % 3), 2 * HALF, 1);
  for (let account = 0; account < 3; account++) show(account, COMMON_REGION, 11, 5, 2);
  return replies;
}

export const LARGE_VALUES: AskedValues = {
  accounts: [accountOf(0), accountOf(1), accountOf(40), accountOf(ACCOUNTS)],
  regions: [COMMON_REGION, RARE_REGION, 'eu'],
  commands: ['c-all', 'c-1', 'c'],
  instances: ['i-all', 'i-30', 'i'],
  limits: [1, 20, 200],
  lastId: 2 * HALF * ACCOUNTS,
};

function accountOf(account: number): string {
  return String(100_000_000_000 + account);
}

function shownOf(account: number, group: number, version: number): Shown {
  const isFirstHalf = group < HALF;
  return {
    commandId: isFirstHalf ? `c-${group}` : 'c-all',
    instanceId: isFirstHalf ? 'i-all' : `i-${group}`,
    state: stateOf(account, group, version),
  };
}

function stateOf(account: number, group: number, version: number): InvocationState {
  const n = account + group + version;
  const status = n % 2 === 0 ? 'Failed' : group % 10 === 3 ? 'InProgress' : 'Success';
  return {
    instanceName: ['web-1', 'web-2', '🎉web', undefined][n % 4],
    comment: ['', 'a', 'a%_b'][n % 3],
    documentName: group % 4 === 0 ? 'AWS-RunPatchBaseline' : 'AWS-RunShellScript',
    requestedMs: group % 19 === 5 ? undefined : START_MS + (((account * 7 + group * 13) % 15) - 2) * MINUTE_MS,
    status,
    statusDetails: n % 31 === 0 ? 'DeliveryTimedOut' : status,
    events: ['Failed'],
    steps: Array.from({ length: STEPS }, (_, step) => stepOf(group, step)),
  };
}

function stepOf(group: number, step: number): StepState {
  const isRare = group === 11 && step === 0;
  return {
    name: step % 2 === 0 ? 'a' : 'b',
    code: isRare ? 9 : (group + step) % 5 === 0 ? 0 : 1 + (step % 2),
    startedMs: START_MS + step,
    finishedMs: START_MS + 2 * step,
    output: isRare ? 'delta' : step % 7 === 0 ? `beta ${group}` : `alpha ${step}, gamma`,
  };
}
