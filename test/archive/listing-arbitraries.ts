import fc from 'fast-check';
import type { ListingQuery, Position } from '../../src/archive/invocations/list-invocations.ts';
import { isoFromMs, MINUTE_MS } from '../../src/lib/time.ts';
import type { InvocationFilter } from '../../src/questions/filters.ts';
import type { InvocationState, Question, Reply, StepState } from './listing-model.ts';
import { expressionOf, type Search } from './search-model.ts';

// Few values of each kind, so that ties, repeats and combinations are frequent. Some of them occur nowhere in the
// archive.

export const START_MS = Date.parse('2026-03-01T10:00:00.000Z');

/** A time this many minutes after the first reply; fractions of a minute are allowed. */
export function at(minutes: number): string {
  return isoFromMs(START_MS + minutes * MINUTE_MS);
}

const SOURCES = [
  { accountId: '111111111111', region: 'eu-west-1' },
  { accountId: '111111111111', region: 'us-east-1' },
  { accountId: '222222222222', region: 'eu-west-1' },
];
const STEP_NAMES = ['a', 'b'];
const STATUSES = ['Success', 'Failed', 'InProgress', 'TimedOut'];
const OUTPUTS = [
  '',
  'alpha',
  'Alpha beta, gamma',
  'beta\nalpha',
  'alphabet gamma',
  'ÜBER alpha',
  'half a \ud83c beta',
  'nul\u0000beta',
  'gamma ---Output truncated---',
  `alpha ${'nul\u0000'.repeat(616)}gamma\n---Output truncated---`,
  'gamma '.repeat(420),
];

const orNot = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 7 });
const minutes = (min: number, max: number) => fc.integer({ min: min * 2, max: max * 2 }).map((halves) => halves / 2);

const step: fc.Arbitrary<StepState> = fc.record({
  name: orNot(fc.constantFrom(...STEP_NAMES)),
  code: orNot(fc.constantFrom(0, 0, 1, 2, -1)),
  startedMs: orNot(fc.constantFrom(0, START_MS + 500, START_MS + 1000)),
  finishedMs: orNot(fc.constantFrom(0, START_MS + 500, START_MS + 61_001)),
  output: orNot(fc.constantFrom(...OUTPUTS)),
});

const state: fc.Arbitrary<InvocationState> = fc.record({
  instanceName: orNot(fc.constantFrom('', 'web-1', 'web-2', '🎉web', '🎉🎈', '🎊', 'nul\u0000nul')),
  comment: orNot(fc.constantFrom('', 'a', 'a%_b', 'nul\u0000a')),
  documentName: orNot(fc.constantFrom('AWS-RunShellScript', 'AWS-RunPatchBaseline', '')),
  // Some invocations are requested later than they are first seen, because the service's clock is not this machine's.
  requestedMs: orNot(fc.integer({ min: -2, max: 12 }).map((minute) => START_MS + minute * MINUTE_MS)),
  status: orNot(fc.constantFrom(...STATUSES)),
  statusDetails: orNot(fc.constantFrom(...STATUSES, 'DeliveryTimedOut')),
  events: orNot(fc.constantFrom([], ['Failed'])),
  steps: fc.array(step, { maxLength: 3, size: 'max' }),
});

const shown = fc.array(
  fc.record({ commandId: fc.constantFrom('c-1', 'c-2'), instanceId: fc.constantFrom('i-1', 'i-2', 'i-3'), state }),
  { maxLength: 8, size: 'max' },
);

/** Replies one after another, each some minutes after the previous one. */
function replies(steps: readonly number[], maxLength: number, beginning = 0): fc.Arbitrary<Reply[]> {
  const reply = fc.record({ source: fc.constantFrom(...SOURCES), step: fc.constantFrom(...steps), shown });
  // No bias here: with bias, most archives would be almost empty.
  return fc.noBias(fc.array(reply, { maxLength, size: 'max' })).map((drawn) => {
    let minute = beginning;
    return drawn.map(({ step: passed, ...more }) => {
      minute += passed;
      return { observedAt: at(minute), ...more };
    });
  });
}

/**
 * Replies that an archive saw before the questions: some at the same time, and sometimes after a clock was set back.
 */
export const history = replies([0, 1, 1, 2, -1], 12);

/**
 * Replies that arrive during the questions, each later than all earlier ones. They begin after a pause that is longer
 * than any history.
 */
const ARRIVALS_FROM = 30;
export const arrivals = replies([1], 8, ARRIVALS_FROM);

const word = fc.constantFrom('alpha', 'alpha', 'beta', 'gamma', 'uber', 'delta');
const atom: fc.Arbitrary<Search> = fc.oneof(
  word.map((text): Search => ({ kind: 'word', text })),
  fc.constantFrom('alph', 'b', 'über').map((text): Search => ({ kind: 'beginning', text })),
  fc.tuple(word, word).map((words): Search => ({ kind: 'phrase', words })),
);
const both = (operand: fc.Arbitrary<Search>): fc.Arbitrary<Search> =>
  fc.record({ kind: fc.constantFrom('AND', 'OR', 'NOT'), left: operand, right: operand });
const search = fc.oneof(atom, both(fc.oneof(atom, both(atom))));

const stepQuestion = fc
  .record({
    pluginName: fc.option(fc.constantFrom(...STEP_NAMES, ...STEP_NAMES, 'z'), { nil: undefined, freq: 2 }),
    responseCode: fc.option(
      fc.record({ operator: fc.constantFrom('=', '<>', '>', '<'), code: fc.constantFrom(0, 1, 2, -1) }),
      { nil: undefined, freq: 2 },
    ),
    search: fc.option(search, { nil: undefined, freq: 2 }),
  })
  .map(({ search: asked, ...more }): { step: InvocationFilter; search: Search | undefined } => ({
    step: { ...more, q: asked && expressionOf(asked) },
    search: asked,
  }));

const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const time = minutes(-3, 14).map(at);

/** The values that an archive is asked for: of each kind, some that it has and one that it does not have. */
export interface AskedValues {
  accounts: readonly string[];
  regions: readonly string[];
  commands: readonly string[];
  instances: readonly string[];
  limits: readonly number[];
  lastId: number;
}

/** Questions with any combination of members. */
export function questionsOf(values: AskedValues): fc.Arbitrary<Question> {
  const filter: fc.Arbitrary<InvocationFilter> = fc.record({
    account: rarely(fc.constantFrom(...values.accounts)),
    region: rarely(fc.constantFrom(...values.regions)),
    commandId: rarely(fc.constantFrom(...values.commands)),
    instanceId: rarely(fc.constantFrom(...values.instances)),
    instanceName: rarely(fc.constantFrom('', 'web-', 'web-1', 'web-1x', '🎉', '🎉w', '🎈', 'nul\u0000', 'nul\u0000x')),
    documentName: rarely(fc.constantFrom('AWS-RunShellScript', 'AWS-RunPatchBaseline', '', 'AWS-')),
    status: rarely(fc.array(fc.constantFrom(...STATUSES, 'DeliveryTimedOut', 'Lost'), { maxLength: 3 })),
    comment: rarely(fc.constantFrom('', 'a', '%', 'b', '\u0000a', 'z')),
    requestedAfter: rarely(time),
    requestedBefore: rarely(time),
    changedAfter: rarely(time),
  });
  // A position that any row may have. `none` stands for the time of a row without a time.
  const position: fc.Arbitrary<Position> = fc.tuple(
    fc.option(fc.integer({ min: -2, max: 14 }).map(at), { nil: null }),
    fc.integer({ min: 0, max: values.lastId }),
  );
  const query = fc.record({
    sort: fc.constantFrom('requestedAt', 'changedAt'),
    isDescending: fc.boolean(),
    limit: fc.constantFrom(...values.limits),
    include: fc.constantFrom('none', 'plugins', 'outputs'),
    after: rarely(position),
    asOf: fc.option(time, { nil: undefined, freq: 2 }),
  });
  const mayAskOfStep = fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: stepQuestion },
  );
  return fc.tuple(query, filter, mayAskOfStep).map(([asked, members, ofStep]) => {
    // Every row has a change time, so a position by change time is never without one.
    const after = asked.sort === 'changedAt' && asked.after?.[0] === null ? undefined : asked.after;
    const whole: ListingQuery = { ...asked, after, filter: { ...members, ...ofStep?.step } };
    return { query: whole, search: ofStep?.search };
  });
}

export const question = questionsOf({
  accounts: ['111111111111', '222222222222', '333333333333'],
  regions: ['eu-west-1', 'us-east-1', 'eu'],
  commands: ['c-1', 'c-2', 'c'],
  instances: ['i-1', 'i-2', 'i'],
  limits: [1, 2, 3, 4, 6, 9],
  lastId: 19,
});
