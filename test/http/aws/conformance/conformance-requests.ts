// The requests that the simulator, an archive and AWS all get, as data. Values are from the fleet that the simulator
// and the archive have.

export type ListOperation = 'ListCommandInvocations' | 'ListCommands';
export type Body = Readonly<Record<string, unknown>>;

/** A listing, to be read page by page to its end. */
export interface ListingRequest {
  readonly name: string;
  readonly operation: ListOperation;
  readonly body: Body;
}

/**
 * The values in the requests: a command of many nodes, one of its nodes, a document, and the times of two invocations.
 */
export interface Subject {
  readonly commandId: string;
  readonly instanceId: string;
  readonly documentName: string;
  readonly otherDocumentName: string;
  readonly earlierMs: number;
  readonly laterMs: number;
}

export const UNKNOWN_COMMAND = '11111111-2222-4333-8444-555555555555';
export const UNKNOWN_NODE = 'i-00000000000000000';

const STATUSES = ['Pending', 'InProgress', 'Delayed', 'Success', 'Cancelled', 'TimedOut', 'Failed', 'Cancelling'];
const DETAILS = ['DeliveryTimedOut', 'ExecutionTimedOut', 'Undeliverable', 'Terminated', 'InvalidPlatform'];
const ODD_STATUSES = ['AccessDenied', 'Incomplete', 'success', 'Success ', '%', "Success' OR '1'='1"];

export const filter = (key: string, value: string) => ({ key, value });
const iso = (ms: number) => new Date(ms).toISOString();

/** Each filter alone, with one value and given twice. */
function singleFilters({ documentName, otherDocumentName, earlierMs, laterMs }: Subject): [string, object[]][] {
  const local = new Date(laterMs + 2 * 3_600_000).toISOString().replace('Z', '+02:00');
  return [
    ...[...STATUSES, ...DETAILS, ...ODD_STATUSES].map((value): [string, object[]] => [
      `Status ${value}`,
      [filter('Status', value)],
    ]),
    ['a Status and one of its StatusDetails', [filter('Status', 'TimedOut'), filter('Status', 'DeliveryTimedOut')]],
    ['two Statuses, which no invocation has at once', [filter('Status', 'Success'), filter('Status', 'Failed')]],
    ['DocumentName', [filter('DocumentName', documentName)]],
    ['a DocumentName in lower case', [filter('DocumentName', documentName.toLowerCase())]],
    ['the same DocumentName twice', Array(2).fill(filter('DocumentName', documentName))],
    ['two DocumentNames', [filter('DocumentName', documentName), filter('DocumentName', otherDocumentName)]],
    ['InvokedAfter, the exact time of an invocation', [filter('InvokedAfter', iso(laterMs))]],
    ['InvokedAfter, a millisecond later than an invocation', [filter('InvokedAfter', iso(laterMs + 1))]],
    ['InvokedBefore, the exact time of an invocation', [filter('InvokedBefore', iso(earlierMs))]],
    ['InvokedBefore, a millisecond later than an invocation', [filter('InvokedBefore', iso(earlierMs + 1))]],
    ['a span of one millisecond', [filter('InvokedAfter', iso(laterMs)), filter('InvokedBefore', iso(laterMs + 1))]],
    ['an empty span', [filter('InvokedAfter', iso(laterMs)), filter('InvokedBefore', iso(laterMs))]],
    ['InvokedAfter in local time', [filter('InvokedAfter', local)]],
    ['InvokedAfter a day', [filter('InvokedAfter', iso(earlierMs).slice(0, 10))]],
    ['InvokedAfter the year 1', [filter('InvokedAfter', '0001-01-01T00:00:00Z')]],
    ['InvokedAfter the year 9999', [filter('InvokedAfter', '9999-12-31T23:59:59Z')]],
    ['InvokedBefore the year 1', [filter('InvokedBefore', '0001-01-01T00:00:00Z')]],
    [
      'InvokedAfter with nine digits after the decimal point',
      [filter('InvokedAfter', iso(laterMs).replace('Z', '999999Z'))],
    ],
    ['InvokedAfter before the first year', [filter('InvokedAfter', '0000-01-01T00:00:00+18:00')]],
    ['InvokedBefore after the last year', [filter('InvokedBefore', '9999-12-31T23:59:59-18:00')]],
    ['InvokedAfter twice', [filter('InvokedAfter', iso(earlierMs)), filter('InvokedAfter', iso(laterMs))]],
    ['InvokedBefore twice', [filter('InvokedBefore', iso(laterMs)), filter('InvokedBefore', iso(earlierMs))]],
  ];
}

/** Each filter of each list on its own. */
export function filterRequests(subject: Subject): ListingRequest[] {
  const both = singleFilters(subject).flatMap(([name, Filters]) => [
    { name: `ListCommandInvocations: ${name}`, operation: 'ListCommandInvocations' as const, body: { Filters } },
    { name: `ListCommands: ${name}`, operation: 'ListCommands' as const, body: { Filters, MaxResults: 20 } },
  ]);
  const stages: [string, object[]][] = [
    ['ExecutionStage Executing', [filter('ExecutionStage', 'Executing')]],
    ['ExecutionStage Complete', [filter('ExecutionStage', 'Complete')]],
    ['both ExecutionStages', [filter('ExecutionStage', 'Executing'), filter('ExecutionStage', 'Complete')]],
    ['Executing and Status Failed', [filter('ExecutionStage', 'Executing'), filter('Status', 'Failed')]],
    ['Complete and Status Failed', [filter('ExecutionStage', 'Complete'), filter('Status', 'Failed')]],
    ['Executing and Status InProgress', [filter('ExecutionStage', 'Executing'), filter('Status', 'InProgress')]],
  ];
  const lenient: ListingRequest[] = [
    { name: 'null for absent', operation: 'ListCommands', body: { MaxResults: null, Filters: null, CommandId: null } },
    { name: 'Details null', operation: 'ListCommandInvocations', body: { Details: null, InstanceId: null } },
    { name: 'an unknown member', operation: 'ListCommands', body: { Rank: { Of: 1 }, MaxResults: 50 } },
    {
      name: 'an unknown member of a filter',
      operation: 'ListCommandInvocations',
      body: { Filters: [{ ...filter('Status', 'Failed'), note: 'x' }] },
    },
  ];
  return [
    ...both,
    ...lenient,
    ...stages.map(([name, Filters]) => ({
      name: `ListCommands: ${name}`,
      operation: 'ListCommands' as const,
      body: { Filters, MaxResults: 3 },
    })),
  ];
}

/** Every combination of ids, filters and details that a request can have. */
export function combinedRequests({ commandId, instanceId, documentName, earlierMs }: Subject): ListingRequest[] {
  const whose: Body[] = [
    {},
    { CommandId: commandId },
    { InstanceId: instanceId },
    { CommandId: commandId, InstanceId: instanceId },
    { CommandId: commandId, InstanceId: UNKNOWN_NODE },
    { CommandId: UNKNOWN_COMMAND },
    { InstanceId: UNKNOWN_NODE },
  ];
  const asked = [
    filter('InvokedAfter', iso(earlierMs)),
    filter('InvokedBefore', iso(earlierMs + 12 * 86_400_000)),
    filter('Status', 'Failed'),
    filter('DocumentName', documentName),
  ];
  return whose.flatMap((ids) =>
    subsets(asked).flatMap((Filters) => {
      const body = { ...ids, ...(Filters.length > 0 && { Filters }) };
      const name = JSON.stringify(body);
      return [
        {
          name: `ListCommandInvocations with details: ${name}`,
          operation: 'ListCommandInvocations' as const,
          body: { ...body, Details: true },
        },
        {
          name: `ListCommandInvocations: ${name}`,
          operation: 'ListCommandInvocations' as const,
          body: { ...body, Details: false, MaxResults: 23 },
        },
        { name: `ListCommands: ${name}`, operation: 'ListCommands' as const, body: { ...body, MaxResults: 23 } },
      ];
    }),
  );
}

/** Short listings: of invocations in pages of every possible size, and of commands in pages of a few sizes. */
export function sizedRequests({ earlierMs, laterMs }: Subject): ListingRequest[] {
  const sized = (operation: ListOperation, ms: number, MaxResults: number): ListingRequest => ({
    ...{ name: `${operation} in pages of ${MaxResults}`, operation },
    body: { Filters: [filter('InvokedAfter', iso(ms))], MaxResults },
  });
  return [
    ...Array.from({ length: 50 }, (_, index) => sized('ListCommandInvocations', laterMs, index + 1)),
    ...[1, 2, 7, 49, 50].map((size) => sized('ListCommands', earlierMs, size)),
  ];
}

function subsets<Item>(items: readonly Item[]): Item[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((set) => [set, [first, ...set]]);
}
