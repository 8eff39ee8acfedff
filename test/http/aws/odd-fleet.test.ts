import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, post, REGION } from '../../simulator/clients.ts';
import { type ArchivedFleet, startArchivedFleet } from './archived-fleet.ts';
import { filter, type ListingRequest, type ListOperation } from './conformance/conformance-requests.ts';
import { ask, type Item, readPage, readPages } from './read-pages.ts';

// A service that writes times in exponent form, has statuses and members that no model has, and still lists invocations
// of commands that it has forgotten.
const OTHER_ACCOUNT = '444455556666';
const FLEET = {
  ...{ seed: 17, invocations: 1800, longShare: 0.1, rollingShare: 0.2 },
  accounts: [
    { accountId: ACCOUNT, regions: [REGION, 'us-east-1'] },
    { accountId: OTHER_ACCOUNT, regions: [REGION] },
  ],
  faults: { exponentTimestamps: true, unknownStatuses: 0.2, unmodelledMembers: true },
};

let fleet: ArchivedFleet;
beforeAll(async () => {
  fleet = await startArchivedFleet(FLEET);
});
afterAll(() => fleet.close());

const request = (operation: ListOperation, body: object = {}): ListingRequest => ({
  ...{ name: operation, operation },
  body: { ...body },
});
const all = async (endpoint: { url: string }, operation: ListOperation, body: object = {}) =>
  (await readPages(endpoint, request(operation, body))).flat();

/** The item without the members that botocore's model does not have. */
function modelled({ ClientId: _, Priority: __, ...item }: Item): Item {
  const plugins = item.CommandPlugins;
  if (!Array.isArray(plugins)) return item;
  return { ...item, CommandPlugins: plugins.map(({ RetryCount: ___, ...plugin }: Item) => plugin) };
}

test('the archive returns times in exponent form, unknown statuses and all known members as the service does', async () => {
  const details = { Details: true };
  const shown = await all(fleet.simulator, 'ListCommandInvocations', details);
  const kept = await all(fleet.archive, 'ListCommandInvocations', details);
  expect(kept).toEqual(shown.map(modelled));
  expect(shown.filter((item) => 'ClientId' in item)).toHaveLength(shown.length);
  const superseded = shown.filter(({ Status }) => Status === 'Superseded').map(modelled);
  expect(superseded.length).toBeGreaterThan(50);
  for (const value of ['Superseded', 'SupersededByOperator']) {
    const body = { ...details, Filters: [filter('Status', value)] };
    expect(await all(fleet.archive, 'ListCommandInvocations', body)).toEqual(superseded);
  }
});

test('the archive returns unknown members of a command; a forgotten command is derived from its invocations', async () => {
  const shown = await all(fleet.simulator, 'ListCommands');
  expect(shown.filter((item) => 'HibernationPolicy' in item)).toHaveLength(shown.length);
  const isShown = ({ CommandId }: Item) => shown.some((item) => item.CommandId === CommandId);
  const kept = await all(fleet.archive, 'ListCommands');
  expect(kept.filter(isShown)).toEqual(shown);

  const forgotten = kept.filter((item) => !isShown(item));
  expect(forgotten.length).toBeGreaterThan(0);
  const invocations = await all(fleet.simulator, 'ListCommandInvocations');
  for (const { CommandId, ...said } of forgotten) {
    const first = invocations.findLast((item) => item.CommandId === CommandId);
    const { Comment, DocumentName, DocumentVersion, RequestedDateTime } = first ?? {};
    expect(said).toEqual({ Comment, DocumentName, DocumentVersion, RequestedDateTime });
  }
});

test('a request cannot read another account or region, or use its tokens', async () => {
  const operation = 'ListCommandInvocations';
  const { token, items } = readPage(await ask(fleet.archive, { operation, body: { MaxResults: 2 } }));
  const [{ CommandId, InstanceId } = {}] = items;
  const one = { operation: 'GetCommandInvocation', body: { CommandId, InstanceId } };
  expect((await ask(fleet.archive, one)).status).toBe(200);
  for (const whose of [{ accessKeyId: OTHER_ACCOUNT }, { region: 'us-east-1' }]) {
    const empty = { items: [], token: undefined };
    expect(readPage(await ask(fleet.archive, { operation, body: {}, ...whose }))).toEqual(empty);
    expect((await ask(fleet.archive, { ...one, ...whose })).text).toBe('{"__type":"InvocationDoesNotExist"}');
    const { text } = await ask(fleet.archive, { operation, body: { NextToken: token }, ...whose });
    expect(JSON.parse(text)).toMatchObject({ __type: 'InvalidNextToken' });
  }
});

const SPREAD = 'spread-ms=328887706';
const EDGE = '2026-02-13T12:00:00.000Z/2026-02-17T07:21:27.706Z';
test.each<[string, object[], string, string]>([
  [
    'everything',
    [],
    `incomplete; gaps=${EDGE}; edges=${EDGE}; ${SPREAD}; until=2026-03-15T11:45:00.000Z`,
    `complete; ${SPREAD}; until=2026-03-15T11:45:00.000Z`,
  ],
  [
    'a day that was listed',
    [filter('InvokedAfter', '2026-03-01'), filter('InvokedBefore', '2026-03-02')],
    `complete; ${SPREAD}`,
    `complete; ${SPREAD}`,
  ],
  [
    'a span that begins before the first listed day',
    [filter('InvokedAfter', '2026-01-01'), filter('InvokedBefore', '2026-03-02')],
    `incomplete; gaps=2026-01-01T00:00:00.000Z/2026-02-17T07:21:27.706Z; edges=${EDGE}; ${SPREAD}`,
    `incomplete; gaps=2026-01-01T00:00:00.000Z/2026-02-13T12:00:00.000Z; ${SPREAD}`,
  ],
  [
    'everything before the first listed day',
    [filter('InvokedBefore', '2026-01-01')],
    `incomplete; gaps=1970-01-01T00:00:00.000Z/2026-01-01T00:00:00.000Z; ${SPREAD}`,
    `incomplete; gaps=1970-01-01T00:00:00.000Z/2026-01-01T00:00:00.000Z; ${SPREAD}`,
  ],
])(
  'unlike the service, the archive’s answer also says how much of this was collected: %s',
  async (_, Filters, ofInvocations, ofCommands) => {
    const body = Filters.length > 0 ? { Filters } : {};
    for (const [operation, coverage] of [
      ['ListCommandInvocations', ofInvocations],
      ['ListCommands', ofCommands],
    ]) {
      const target = `AmazonSSM.${operation}`;
      expect((await post(fleet.archive, body, { target })).headers.get('x-ssm-archive-coverage')).toBe(coverage);
      expect((await post(fleet.simulator, body, { target })).headers.get('x-ssm-archive-coverage')).toBeNull();
    }
  },
);
