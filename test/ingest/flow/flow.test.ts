import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { START } from '../archive-trial.ts';
import type { TinyCall } from '../tiny-service.ts';
import { command, type FlowPass, invocation, startFlow } from './flow-trial.ts';
import { filtersOf, type PagedHistory, refusal } from './paged-service.ts';

// Each trace has all requests of the passes, in order, and everything that the passes left in the archive.
// Restructuring the code of passes must leave the traces as they are.

type Flow = Awaited<ReturnType<typeof startFlow>>;

const RUNNING = { Status: 'InProgress', StatusDetails: 'InProgress' };

/** A month with a command of three nodes, a command that still executes, and one that is a minute old. */
function month(): Pick<PagedHistory, 'invocations' | 'commands'> {
  return {
    commands: [
      command('c-new', MINUTE_MS),
      command('c-runs', 2 * DAY_MS, { ...RUNNING, TargetCount: 2, CompletedCount: 0 }),
      command('c-old', 10 * DAY_MS, { TargetCount: 5, CompletedCount: 5 }),
    ],
    invocations: [
      invocation('c-new', 1, MINUTE_MS),
      invocation('c-runs', 1, 2 * DAY_MS, RUNNING),
      ...[1, 2, 3, 4, 5].map((node) => invocation('c-old', node, 10 * DAY_MS - node * HOUR_MS)),
    ],
  };
}

/** Whether a call is for the listing of invocations that begins this many days before START, or for a part of it. */
function isOfDay({ operation, input }: TinyCall, daysBefore: number): boolean {
  const { InvokedAfter } = filtersOf(input);
  if (operation !== 'ListCommandInvocations' || InvokedAfter === undefined) return false;
  const ms = Date.parse(InvokedAfter) - (START.getTime() - daysBefore * DAY_MS);
  return ms >= -MINUTE_MS && ms < DAY_MS - MINUTE_MS;
}

const EXPIRED = refusal('InvalidNextToken', 'The specified token is not valid.');
const THROTTLED = refusal('ThrottlingException', 'Rate exceeded');
const UNREADABLE = { body: '{}' };

async function expectTrace(flow: Flow, name: string): Promise<void> {
  await expect(flow.trace()).toMatchFileSnapshot(`traces/${name}.txt`);
}

/** Makes a pass over the month, with this answer instead of the service's. */
async function passOf(fault: PagedHistory['fault'], options: FlowPass = {}): Promise<Flow> {
  const flow = await startFlow({ ...month(), fault });
  await flow.pass(options);
  return flow;
}

describe('the requests and the stored data of a pass have not changed', () => {
  test('in the first pass, in one five minutes later, and once a command has ended', async () => {
    const flow = await startFlow(month());
    await flow.pass();
    flow.advance(5 * MINUTE_MS);
    flow.shown.invocations.push(invocation('c-runs', 2, 2 * DAY_MS - HOUR_MS, RUNNING));
    flow.shown.commands[1] = command('c-runs', 2 * DAY_MS, { ...RUNNING, TargetCount: 2, CompletedCount: 1 });
    flow.shown.invocations[1] = invocation('c-runs', 1, 2 * DAY_MS);
    await flow.pass();
    flow.advance(6 * HOUR_MS);
    flow.shown.invocations[7] = invocation('c-runs', 2, 2 * DAY_MS - HOUR_MS, { Status: 'Failed' });
    flow.shown.commands[1] = command('c-runs', 2 * DAY_MS, { Status: 'Failed', TargetCount: 2, CompletedCount: 2 });
    flow.shown.invocations[3] = invocation('c-old', 2, 10 * DAY_MS - 2 * HOUR_MS, { Status: 'Cancelled' });
    await flow.pass();
    await expectTrace(flow, 'three-passes');
  });

  test('if four listings run at the same time', async () => {
    await expectTrace(await passOf(() => undefined, { slicesAtOnce: 4 }), 'four-at-once');
  });

  test('if a token expires once in the middle of a listing', async () => {
    let expired = 0;
    const once = (call: TinyCall) =>
      isOfDay(call, 10) && call.input.NextToken === '2' && ++expired === 1 ? EXPIRED : undefined;
    await expectTrace(await passOf(once), 'expired-once');
  });

  test('if a token keeps expiring until the listing is cut', async () => {
    let expired = 0;
    const often = (call: TinyCall) =>
      isOfDay(call, 10) && call.input.NextToken !== undefined && ++expired < 5 ? EXPIRED : undefined;
    await expectTrace(await passOf(often), 'expired-until-cut');
  });

  test('if no listing ever ends, not even one of a single second', async () => {
    const flow = await startFlow({
      invocations: [1, 2, 3].map((node) => invocation('c-1', node, DAY_MS)),
      fault: ({ input }) => (input.NextToken === undefined ? undefined : EXPIRED),
    });
    await flow.pass({ only: { from: START.getTime() - DAY_MS - 1000, to: START.getTime() - DAY_MS + 3000 } });
    await expectTrace(flow, 'expired-for-ever');
  });

  test('if the service sends the same token twice', async () => {
    const body = JSON.stringify({ CommandInvocations: [], NextToken: 'same' });
    const flow = await startFlow({ ...month(), fault: (call) => (isOfDay(call, 5) ? { body } : undefined) });
    await flow.pass({ only: { from: START.getTime() - 5 * DAY_MS, to: START.getTime() - 5 * DAY_MS + 2000 } });
    await expectTrace(flow, 'same-token');
  });

  test('if every third call is throttled', async () => {
    let calls = 0;
    const third = ({ operation }: TinyCall) =>
      operation.startsWith('List') && ++calls % 3 === 0 ? THROTTLED : undefined;
    const from = START.getTime() - 11 * DAY_MS;
    await expectTrace(await passOf(third, { only: { from, to: from + 2 * DAY_MS } }), 'throttled');
  });

  test('if one listing fails once and another fails each time, and the others are collected', async () => {
    let failures = 0;
    const fault = (call: TinyCall) => {
      if (isOfDay(call, 10)) return ++failures <= 10 ? UNREADABLE : undefined;
      return isOfDay(call, 7) ? UNREADABLE : undefined;
    };
    await expectTrace(await passOf(fault), 'failed');
  });

  test('if three listings fail one after another', async () => {
    const fault = (call: TinyCall) => ([9, 8, 7].some((day) => isOfDay(call, day)) ? UNREADABLE : undefined);
    await expectTrace(await passOf(fault), 'failed-in-a-row');
  });

  test('if elements of a reply lack their ids, with a time and without one', async () => {
    const flow = await startFlow(month());
    const { InstanceId: _, ...withTime } = invocation('c-bad', 1, 10 * DAY_MS - HOUR_MS);
    const { RequestedDateTime: __, ...withoutTime } = withTime;
    flow.shown.fault = (call) => {
      if (isOfDay(call, 20)) return { body: JSON.stringify({ CommandInvocations: [withoutTime] }) };
      if (call.operation !== 'ListCommands' || call.input.CommandId !== undefined) return undefined;
      return filtersOf(call.input).ExecutionStage === undefined && call.input.NextToken === '2'
        ? { body: JSON.stringify({ Commands: [{ RequestedDateTime: 1 }] }) }
        : undefined;
    };
    flow.shown.invocations.push(withTime);
    await flow.pass();
    await expectTrace(flow, 'unreadable-elements');
  });

  test('in two passes, if the service does not know ListCommands', async () => {
    const flow = await passOf(({ operation }) =>
      operation === 'ListCommands' ? refusal('UnknownOperationException', 'Unknown.') : undefined,
    );
    flow.advance(2 * DAY_MS);
    flow.shown.invocations[1] = invocation('c-runs', 1, 2 * DAY_MS);
    await flow.pass();
    await expectTrace(flow, 'unknown-operation');
  });

  test.each(['ListCommands', 'ListCommandInvocations'])('if %s is denied', async (denied) => {
    const flow = await passOf(({ operation }) =>
      operation === denied ? refusal('AccessDeniedException', 'User: x is not authorized.') : undefined,
    );
    await expectTrace(flow, `denied-${denied}`);
  });

  test('if the service is an archive that states its coverage, one that never does, or one whose statement is lost once', async () => {
    const flow = await startFlow(month());
    const only = { from: START.getTime() - 11 * DAY_MS, to: START.getTime() - 8 * DAY_MS };
    const gap = '2026-03-22T00:00:00.000Z/2026-03-22T06:00:00.000Z';
    await flow.pass({ only, isArchive: true });
    const said = `incomplete; gaps=${gap}; spread-ms=1000`;
    flow.shown.headers = ({ input }) => (input.NextToken === '2' ? {} : { 'x-ssm-archive-coverage': said });
    await flow.pass({ only, isArchive: true });
    flow.shown.headers = () => ({ 'x-ssm-archive-coverage': said });
    await flow.pass({ only, isArchive: true });
    await expectTrace(flow, 'archive-upstream');
  });

  test('if only one span is requested', async () => {
    const from = START.getTime() - 11 * DAY_MS;
    await expectTrace(await passOf(() => undefined, { only: { from, to: from + DAY_MS + HOUR_MS } }), 'span-alone');
  });

  test('if it is interrupted, and in the next pass', async () => {
    const stopping = new AbortController();
    const flow = await startFlow({ ...month(), headers: ({ input }) => ({ 'x-amzn-requestid': requestId(input) }) });
    const onProgress = ({ pages }: { pages: number }) => pages >= 24 && stopping.abort();
    await flow.pass({ signal: stopping.signal, onProgress });
    flow.advance(MINUTE_MS);
    await flow.pass();
    await expectTrace(flow, 'interrupted');
  });

  test('if another collector takes over the lease', async () => {
    const flow = await startFlow(month());
    await flow.pass({
      onProgress: ({ pages }) =>
        pages === 10 && flow.db.sqlite.prepare("UPDATE leases SET holder = 'another'").run().changes,
    });
    await expectTrace(flow, 'lease-lost');
  });

  test('if a command ended between two passes, and the service has forgotten it', async () => {
    const flow = await startFlow(month());
    await flow.pass();
    flow.advance(40 * DAY_MS);
    flow.shown.invocations = [];
    flow.shown.commands = [];
    await flow.pass();
    await expectTrace(flow, 'forgotten');
  });

  test('if a service shows commands for longer than thirty days, and changes invocations that were already looked at again', async () => {
    const flow = await startFlow(month());
    await flow.pass();
    flow.advance(3 * DAY_MS);
    await flow.pass();
    flow.shown.invocations[2] = invocation('c-old', 1, 10 * DAY_MS - HOUR_MS, { Status: 'Cancelled' });
    flow.advance(HOUR_MS);
    await flow.pass();
    flow.advance(30 * DAY_MS);
    await flow.pass();
    await expectTrace(flow, 'shown-for-longer');
  });

  test('if the limit of calls for looking again is lower than the number of replies of a listing, so that some looks are still due', async () => {
    const flow = await startFlow(month());
    await flow.pass();
    flow.advance(3 * DAY_MS);
    flow.shown.pageRows = 1;
    await flow.pass({ lateLooks: 2 });
    flow.advance(MINUTE_MS);
    flow.shown.invocations.push(invocation('c-late', 9, 9 * DAY_MS));
    flow.shown.commands.push(command('c-late', 9 * DAY_MS, RUNNING));
    await flow.pass({ lateLooks: 2 });
    flow.advance(HOUR_MS);
    flow.shown.pageRows = 2;
    await flow.pass();
    await expectTrace(flow, 'looks');
  });
});

/** Returns an id that depends on the call alone. */
function requestId({ NextToken = '0', Filters = [] }: TinyCall['input']): string {
  const digits = Filters.map(({ value }) => value).join('') + NextToken;
  return `00000000-0000-4000-8000-${digits.replace(/\D/g, '').slice(-12).padStart(12, '0')}`;
}
