import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, idOf, REGION } from '../../../simulator/clients.ts';
import { type ArchivedFleet, startArchivedFleet } from '../archived-fleet.ts';
import { faultsOfReplies, isWithoutBoto, NEEDS_BOTO } from '../clients/boto.ts';
import { ask, type Item, type Reply, readPage, readPages } from '../read-pages.ts';
import {
  type Body,
  combinedRequests,
  filterRequests,
  type ListingRequest,
  type Subject,
  sizedRequests,
} from './conformance-requests.ts';
import { type RefusedRequest, refusedRequests } from './refused-requests.ts';
import { subjectOf } from './subject-of.ts';

// A fleet with every status, and with commands that have not reached some of their nodes yet. The service still lists
// each command of which it lists an invocation.
const FLEET = { seed: 132, invocations: 600, longShare: 0.1, rollingShare: 0.2 };

let fleet: ArchivedFleet;
let subject: Subject;
/** All replies of the archive, for the last test. */
const replies: Reply[] = [];

beforeAll(async () => {
  fleet = await startArchivedFleet(FLEET);
  const chosen = subjectOf(shownInvocations());
  const nodes = shownInvocations().filter(({ CommandId }) => CommandId === chosen.commandId);
  // Commands that were sent by tags and have not reached all nodes yet are excluded: they have a test of their own.
  const settled = await Promise.all(
    nodes.map(async ({ InstanceId }) => (await commandsOf(InstanceId)).unknown.length === 0),
  );
  const [node] = nodes.filter((_, index) => settled[index]);
  if (!node) throw new Error('The chosen command has not reached all of its nodes yet.');
  subject = { ...chosen, instanceId: node.InstanceId };
});
afterAll(() => fleet.close());

/**
 * For each output stream in a reply of GetCommandInvocation: the marker that ListCommandInvocations puts where it cuts
 * the stream.
 */
const STREAMS = [
  ['StandardOutputContent', '\n---Output truncated---'],
  ['StandardErrorContent', '\n---Error truncated----'],
] as const;

const shownInvocations = () => [...fleet.simulator.truth(ACCOUNT, REGION)];

interface Step {
  request: Body;
  shown: Item;
  kept: Item;
  isRunning: boolean;
}
let steps: Promise<Step[]> | undefined;

/**
 * The answers of the service and of the archive for every step of many invocations. Each step is requested by its name,
 * and also without a name if it is the only one.
 */
function allSteps(): Promise<Step[]> {
  const operation = 'GetCommandInvocation';
  const read = async () => {
    const found: Step[] = [];
    // Nearly all invocations succeeded, so half of the successful ones are enough.
    const asked = shownInvocations().filter(({ Status }, index) => Status !== 'Success' || index % 2 === 0);
    for (const { CommandId, InstanceId, CommandPlugins = [] } of asked) {
      const names = CommandPlugins.length === 1 ? [undefined, CommandPlugins[0]?.Name] : CommandPlugins.map(nameOf);
      for (const PluginName of names) {
        const request = { CommandId, InstanceId, PluginName };
        const [shown, kept] = await Promise.all([
          ask(fleet.simulator, { operation, body: request }),
          ask(fleet.archive, { operation, body: request }, replies),
        ]);
        expect({ request, status: kept.status }).toEqual({ request, status: shown.status });
        const item: Item = JSON.parse(shown.text);
        const isRunning = item.ExecutionStartDateTime !== '' && item.ExecutionEndDateTime === '';
        found.push({ request, shown: item, kept: JSON.parse(kept.text), isRunning });
      }
    }
    return found;
  };
  steps ??= read();
  return steps;
}
const isSome = (count: number) => count > 0;
const nameOf = ({ Name }: { Name?: string }) => Name;

/**
 * A node's commands as the service lists them (`shown`), those that have not reached the node yet (`waiting`), and
 * among these the commands that do not name the node (`unknown`).
 */
async function commandsOf(InstanceId: string) {
  const request = { name: InstanceId, operation: 'ListCommands', body: { InstanceId } } as const;
  const shown = (await readPages(fleet.simulator, request)).flat();
  const begun = new Set(shownInvocations().map(idOf));
  const waiting = shown.filter(({ CommandId }) => !begun.has(`${CommandId}/${InstanceId}`));
  // Before a command is sent to the nodes with a tag, no reply says which nodes these are.
  const unknown = waiting.filter(({ InstanceIds }) => Array.isArray(InstanceIds) && InstanceIds.length === 0);
  return { request, shown, waiting, unknown };
}

/** Expects the same pages from the service and the archive, and returns how many listings were not empty. */
async function expectSamePages(requests: readonly ListingRequest[]): Promise<number> {
  let found = 0;
  for (const request of requests) {
    const shown = await readPages(fleet.simulator, request);
    expect(await readPages(fleet.archive, request, replies), request.name).toEqual(shown);
    if (shown.flat().length > 0) found++;
  }
  return found;
}

test('the archive lists the same items as the service, on the same pages, with every filter', async () => {
  expect(await expectSamePages(filterRequests(subject))).toBeGreaterThan(40);
});

test('the archive lists the same items as the service with every combination of ids, filters and details', async () => {
  expect(await expectSamePages(combinedRequests(subject))).toBeGreaterThan(100);
});

test('the archive cuts its pages where the service does, for page sizes from one to fifty', async () => {
  const requests = sizedRequests(subject);
  expect(await expectSamePages(requests)).toBe(requests.length);
  const largest = requests.filter(({ body }) => body.MaxResults === 50);
  expect(largest).toHaveLength(2);
  for (const request of largest) {
    const [first = [], second = []] = await readPages(fleet.archive, request);
    expect(first).toHaveLength(50);
    expect(second.length).toBeGreaterThan(0);
  }
});

test('the archive reads an empty body, and whole numbers in other forms, as the service does', async () => {
  const lengths: number[] = [];
  for (const body of ['', '{}', '{"MaxResults":5.0}', '{"MaxResults":5e0}']) {
    const request = { operation: 'ListCommandInvocations', body };
    const { items } = readPage(await ask(fleet.archive, request, replies));
    expect(items).toEqual(readPage(await ask(fleet.simulator, request)).items);
    lengths.push(items.length);
  }
  expect(lengths).toEqual([50, 50, 5, 5]);
});

test('the archive lists the same commands of every node, except commands that were sent by tags and have not reached the node yet', async () => {
  const forms = { named: 0, tagged: 0 };
  for (const InstanceId of new Set(shownInvocations().map(({ InstanceId }) => InstanceId))) {
    const { request, shown, waiting, unknown } = await commandsOf(InstanceId);
    forms.tagged += unknown.length;
    forms.named += waiting.length - unknown.length;
    const expected = shown.filter((command) => !unknown.includes(command));
    expect((await readPages(fleet.archive, request, replies)).flat(), InstanceId).toEqual(expected);
  }
  expect(forms).toEqual({ named: expect.toSatisfy(isSome), tagged: expect.toSatisfy(isSome) });
});

test('the archive refuses the requests that the service refuses, with the same code and the same text', async () => {
  for (const request of refusedRequests(subject)) {
    const { status, text } = await ask(fleet.simulator, request);
    const name = `${request.operation}: ${request.name}`;
    expect({ name, status, code: JSON.parse(text).__type }).toEqual({ name, status: 400, code: request.code });
    expect(await ask(fleet.archive, request, replies), name).toMatchObject({ status, text });
  }
});

test('a token of another query, an altered token or a token of another service gets the error InvalidNextToken, with the same message', async () => {
  for (const endpoint of [fleet.simulator, fleet.archive]) {
    const asked = { operation: 'ListCommandInvocations', body: { MaxResults: 3 } };
    const { token = '' } = readPage(await ask(endpoint, asked));
    const { token: foreign } = readPage(await ask(endpoint === fleet.archive ? fleet.simulator : fleet.archive, asked));
    const flipped = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const others: Pick<RefusedRequest, 'operation' | 'body'>[] = [
      { ...asked, body: { NextToken: token, Details: true } },
      { ...asked, body: { NextToken: token, CommandId: subject.commandId } },
      { ...asked, body: { NextToken: token, InstanceId: subject.instanceId } },
      { ...asked, body: { NextToken: token, Filters: [{ key: 'Status', value: 'Success' }] } },
      { ...asked, body: { NextToken: token.slice(0, -1) } },
      { ...asked, body: { NextToken: `${token}A` } },
      { ...asked, body: { NextToken: `${token}=` } },
      { ...asked, body: { NextToken: `A${token}` } },
      { ...asked, body: { NextToken: flipped } },
      { ...asked, body: { NextToken: token.slice(0, 22) } },
      { ...asked, body: { NextToken: foreign } },
      { operation: 'ListCommands', body: { NextToken: token } },
    ];
    for (const request of others) {
      const { status, text } = await ask(endpoint, request, replies);
      expect({ ...request, status, text }).toEqual({
        ...request,
        status: 400,
        text: '{"__type":"InvalidNextToken","message":"The specified token isn\'t valid."}',
      });
    }
    const next = readPage(await ask(endpoint, { ...asked, body: { MaxResults: 50, NextToken: token } }, replies));
    expect(next.items).toHaveLength(50);
  }
});

test('for each step, the archive answers the same as the service, except for outputs and the elapsed time of a running step', async () => {
  let compared = 0;
  for (const { request, shown, kept, isRunning } of await allSteps()) {
    const { StandardOutputContent: _, StandardErrorContent: __, ...expected } = shown;
    const { StandardOutputContent: ___, StandardErrorContent: ____, ...said } = kept;
    // The archive records only when a step began, not how long it has been running.
    expect(said, JSON.stringify(request)).toEqual(isRunning ? { ...expected, ExecutionElapsedTime: '' } : expected);
    compared++;
  }
  expect(compared).toBeGreaterThan(500);
});

test('the archive returns a step’s output as the service does, or its beginning and a marker if ListCommandInvocations cut it', async () => {
  const forms = { whole: 0, cut: 0 };
  for (const { request, shown, kept } of await allSteps()) {
    for (const [member, marker] of STREAMS) {
      const [whole, head] = [String(shown[member]), String(kept[member])];
      if (head === whole) forms.whole++;
      else {
        forms.cut++;
        const name = `${member} of ${JSON.stringify(request)}`;
        expect(head.endsWith(marker), name).toBe(true);
        expect(whole.startsWith(head.slice(0, -marker.length)), name).toBe(true);
        expect(Buffer.byteLength(head), name).toBeGreaterThan(1000);
      }
    }
  }
  expect(forms.cut).toBeGreaterThan(10);
  expect(forms.whole).toBeGreaterThan(500);
});

test('for a refused invocation without steps, the archive answers both a request that names no step and one that names any step', async () => {
  const refused = shownInvocations().filter(({ StatusDetails }) => StatusDetails === 'InvalidPlatform');
  expect(refused.length).toBeGreaterThan(0);
  for (const { CommandId, InstanceId } of refused) {
    for (const PluginName of [undefined, 'whatever']) {
      const body = { CommandId, InstanceId, PluginName };
      const { status, text } = await ask(fleet.archive, { operation: 'GetCommandInvocation', body }, replies);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toMatchObject({
        ...{ CommandId, InstanceId, PluginName: PluginName ?? '' },
        ...{ Status: 'Failed', StatusDetails: 'InvalidPlatform', ResponseCode: -1 },
        ...{ ExecutionStartDateTime: '', ExecutionEndDateTime: '', StandardOutputContent: '' },
      });
    }
  }
});

test('the service and the archive refuse any other operation as unknown, and only the archive names the operations that it serves', async () => {
  for (const operation of ['SendCommand', 'DescribeInstanceInformation', 'ListCommand', '']) {
    const request = { operation, body: {} };
    expect(await ask(fleet.simulator, request)).toMatchObject({
      status: 400,
      text: '{"__type":"UnknownOperationException"}',
    });
    const { status, text } = await ask(fleet.archive, request);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      __type: 'UnknownOperationException',
      message: expect.stringMatching(
        /^This archive serves (\w+, )+\w+ and \w+ of AmazonSSM, and no other operation\.$/,
      ),
    });
  }
});

test('the archive still lists what the service has forgotten, in the same pages as before', async () => {
  const operation = 'ListCommandInvocations';
  const request = { name: 'all with details', operation, body: { Details: true, MaxResults: 40 } } as const;
  const before: Item[][] = await readPages(fleet.simulator, request);
  const until = { key: 'InvokedBefore', value: new Date(fleet.simulator.clock.now().getTime() + 1).toISOString() };
  fleet.simulator.clock.advance(40 * 86_400_000);
  try {
    const bounded = { ...request, body: { ...request.body, Filters: [until] } };
    expect(await readPages(fleet.simulator, bounded)).toEqual([[]]);
    expect(await readPages(fleet.archive, bounded, replies)).toEqual(before);
  } finally {
    fleet.simulator.clock.advance(-40 * 86_400_000);
  }
});

test.skipIf(isWithoutBoto)(`every reply of the archive fits botocore’s model ${NEEDS_BOTO}`, async () => {
  expect(replies.length).toBeGreaterThan(1000);
  expect(await faultsOfReplies(replies)).toEqual([]);
});
