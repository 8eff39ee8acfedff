import type { FilterRow } from './filter-row.ts';
import { readAccount, readRegion } from './read-place.ts';
import { readResponseCode } from './read-response-code.ts';
import { readStatuses } from './read-statuses.ts';
import { readSearch, readText, readTimeOf } from './read-text.ts';
import type { Read } from './reading.ts';

/**
 * The only list of filters, in the order of the forms. The API's parameters, the console's forms and addresses, the
 * command line's options, evidence packs, prune and "open as SQL" are made from it.
 * archive/invocations/invocation-filter.ts has the SQL of each filter; the compiler requires that.
 */
const ROWS = {
  /** An AWS account: 12 digits. */
  account: {
    member: 'accountId',
    of: 'invocation',
    label: 'Account',
    option: { flags: '--account <id>', says: 'only invocations of this AWS account' },
    about: 'AWS account, 12 digits.',
    example: '111122223333',
    read: readAccount,
    asksArchive: true,
    open: { never: 'the account', none: 'account' },
    isOfReports: true,
  },
  region: {
    member: 'region',
    of: 'invocation',
    label: 'Region',
    option: { flags: '--region <name>', says: 'only invocations of this AWS region' },
    about: 'AWS region.',
    example: 'eu-west-1',
    read: readRegion,
    asksArchive: true,
    open: { never: 'the region', none: 'region' },
    isOfReports: true,
  },
  documentName: {
    member: 'documentName',
    of: 'invocation',
    label: 'Document',
    option: { flags: '--document <name>', says: 'only invocations of this document' },
    about: 'DocumentName.',
    example: 'AWS-RunShellScript',
    read: readText,
    open: { never: 'the document', none: 'document' },
    isOfReports: true,
    field: { isSuggested: true },
  },
  instanceId: {
    member: 'instanceId',
    of: 'invocation',
    label: 'Node',
    option: { flags: '--instance <id>', says: 'only invocations of this node' },
    about: 'InstanceId.',
    example: 'i-0123456789abcdef0',
    read: readText,
    open: { never: 'the node', none: 'node' },
    isId: true,
    isOfReports: true,
    field: { isSuggested: true },
  },
  /** The beginning of InstanceName. */
  instanceName: {
    member: 'instanceName',
    of: 'invocation',
    label: 'Node name begins with',
    option: { flags: '--name <text>', says: 'only invocations of nodes whose name begins with this text' },
    about: 'The beginning of InstanceName.',
    example: 'web-',
    read: readText,
    open: { never: 'a node whose name begins with', none: 'node whose name begins with' },
    isOfReports: true,
    field: { isSuggested: true },
  },
  commandId: {
    member: 'commandId',
    of: 'invocation',
    label: 'Command',
    option: { flags: '--command <id>', says: 'only invocations of this command' },
    about: 'CommandId.',
    example: '11111111-2222-4333-8444-555555555555',
    read: readText,
    open: { never: 'the command', none: 'command' },
    isId: true,
    isOfReports: true,
  },
  /** Values of Status or StatusDetails; one of them must match. */
  status: {
    member: 'status',
    of: 'invocation',
    label: 'Status',
    option: { flags: '--status <status>', says: 'only invocations with this Status or StatusDetails; may be repeated' },
    about:
      'Values of Status or StatusDetails; one of them must match. Separate several values by commas, or repeat the parameter.',
    example: 'Failed,TimedOut',
    many: true,
    read: readStatuses,
    isOfReports: true,
    field: { hasHint: true },
  },
  /** The start of the time of request, inclusive: ISO 8601 with milliseconds. */
  requestedAfter: {
    member: 'requestedAt',
    of: 'invocation',
    label: 'Requested from (UTC)',
    option: { flags: '--from <time>', says: 'only invocations requested at that time or later' },
    about: 'Requested at that time or later.',
    example: '2026-03-01',
    read: readTimeOf,
    field: { hasHint: true },
  },
  /** The end of the time of request, exclusive: ISO 8601 with milliseconds. */
  requestedBefore: {
    member: 'requestedAt',
    of: 'invocation',
    label: 'Requested before (UTC)',
    option: { flags: '--to <time>', says: 'only invocations requested before that time' },
    about: 'Requested before that time.',
    example: '2026-04-01',
    read: readTimeOf,
    field: { hasHint: true },
  },
  /** The earliest time of the present state, inclusive: ISO 8601 with milliseconds. */
  changedAfter: {
    member: 'changedAt',
    of: 'invocation',
    label: 'Changed from (UTC)',
    option: {
      flags: '--changed-after <time>',
      says: 'only invocations whose present state was seen at that time or later',
    },
    about: 'The present state was seen at that time or later.',
    example: '2026-03-01',
    read: readTimeOf,
    field: { hasHint: true, isRare: true },
  },
  /** A part of the member Comment. */
  comment: {
    member: 'comment',
    of: 'invocation',
    label: 'Comment contains',
    option: { flags: '--comment <text>', says: 'only invocations whose comment contains this text' },
    about: 'A part of the member Comment; case-sensitive.',
    example: 'CHG0012345',
    read: readText,
    open: { never: 'a comment with', none: 'comment with' },
    isOfReports: true,
    field: { isRare: true },
  },
  /** The ARN of the sender, according to CloudTrail. */
  sender: {
    of: 'invocation',
    label: 'Sender (ARN)',
    option: {
      flags: '--sender <arn>',
      says: 'only invocations of commands that this principal sent, according to CloudTrail',
    },
    about: 'ARN of the principal that sent the command, if CloudTrail events were imported.',
    example: 'arn:aws:sts::111122223333:assumed-role/Ops/jane',
    read: readText,
    open: { never: 'the sender', none: 'sender' },
  },
  /** Name of a step. */
  pluginName: {
    member: 'name',
    of: 'step',
    label: 'Step',
    option: { flags: '--step <name>', says: 'only invocations with a step of this name' },
    about: 'Name of a step. If responseCode or q is given too, the same step must match all of them.',
    example: 'aws:runShellScript',
    read: readText,
    open: { never: 'a step called', none: 'step called' },
    isOfReports: true,
    field: { isRare: true },
  },
  responseCode: {
    member: 'responseCode',
    of: 'step',
    label: 'Exit code of a step',
    option: {
      flags: '--response-code <code>',
      says: 'only invocations with a step of this exit code: 0, !0, ">0" or "<0"',
    },
    about: "A step's ResponseCode: `0`, `!0`, `>0`, `<0`, or any other number.",
    example: '!0',
    read: readResponseCode,
    field: { hasHint: true, isRare: true },
  },
  /** An FTS5 expression from parseSearch. */
  q: {
    of: 'step',
    label: 'Output contains',
    option: { flags: '--search <words>', says: 'only invocations with these words in an output' },
    about: 'Words in an output: `disk full`, `"no space left"`, `nospc*`, AND, OR, NOT and parentheses.',
    example: '"no space left" OR nospc*',
    read: readSearch,
    field: { hasHint: true },
  },
} as const satisfies Record<string, FilterRow>;

type Rows = typeof ROWS;
export type FilterName = keyof Rows;
/** The filters whose row has this value for this member. */
export type FilterWith<Form> = { [Name in FilterName]: Rows[Name] extends Form ? Name : never }[FilterName];

/** The filters that must all match the same step. All others apply to the invocation. */
export type StepFilterName = FilterWith<{ of: 'step' }>;
/** The filters whose possible values nobody can list. For all others, an impossible value is an error. */
export type OpenFilter = FilterWith<{ open: object }>;

/** The value of each filter in a question to the archive, by the filter's API name. */
export type FilterValues = { [Name in FilterName]: Rows[Name]['read'] extends Read<infer Value> ? Value : never };

/**
 * The conditions on the invocations to find: all that are given must match, and filters of a step must match the same
 * step.
 */
export type InvocationFilter = { readonly [Name in FilterName]?: FilterValues[Name] | undefined };

interface Filter<Name extends FilterName> extends Omit<FilterRow, 'read'> {
  read: Read<FilterValues[Name]>;
}

/** The list of filters, by their names. */
export const FILTERS: { readonly [Name in FilterName]: Filter<Name> } = ROWS;

/** All names of filters, in the order of the list. */
export const FILTER_NAMES: readonly FilterName[] = Object.keys(FILTERS).filter(isFilterName);

export function isFilterName(name: string): name is FilterName {
  return Object.hasOwn(FILTERS, name);
}

/** The words for a value of the filter in sentences, after "has never seen" and after "has". */
export function nounsOf(name: OpenFilter): { never: string; none: string } {
  return ROWS[name].open;
}
