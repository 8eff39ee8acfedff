import type { InvocationView, PluginView } from '../../src/archive/invocations/invocation-view.ts';
import type { InvocationPage, ListingQuery, Position } from '../../src/archive/invocations/list-invocations.ts';
import { sha256 } from '../../src/lib/sha256.ts';
import type { ShownRow } from '../../src/model/member-row.ts';
import { INVOCATION_MEMBERS, type MemberList, membersOf, STEP_MEMBERS } from '../../src/model/members.ts';
import type { SourceKey } from '../../src/model/observed-invocation.ts';
import type { InvocationFilter } from '../../src/questions/filters.ts';
import { type Members, rawInvocation, rawPlugin } from './raw-invocation.ts';
import { matchesSearch, type Search } from './search-model.ts';

export interface StepState {
  name?: string | undefined;
  code?: number | undefined;
  startedMs?: number | undefined;
  finishedMs?: number | undefined;
  output?: string | undefined;
}

/**
 * A state of an invocation: the members that differ from one state to the next. Undefined means that the service did
 * not send the member.
 */
export interface InvocationState {
  instanceName?: string | undefined;
  comment?: string | undefined;
  documentName?: string | undefined;
  requestedMs?: number | undefined;
  status?: string | undefined;
  statusDetails?: string | undefined;
  events?: readonly string[] | undefined;
  steps: readonly StepState[];
}

export interface Shown {
  commandId: string;
  instanceId: string;
  state: InvocationState;
}

/** One reply of a source. */
export interface Reply {
  source: SourceKey;
  observedAt: string;
  shown: readonly Shown[];
}

/** A listing's query, and the meaning of the expression in its step filter. */
export interface Question {
  query: ListingQuery;
  search?: Search | undefined;
}

export interface Listed {
  id: number;
  value: string | null;
  view: InvocationView;
}

interface Recorded {
  id: number;
  /** The states of one invocation, in the order in which they were recorded. */
  states: InvocationView[];
}

export interface ListingModel {
  record(reply: Reply): void;
  /** All matches of the question that come after its `after` position, in order. Its limit is ignored. */
  list(question: Question): Listed[];
  /** The first of these matches, up to the question's limit, as a page. */
  page(question: Question): InvocationPage;
}

/** The expected answers, from plain arrays: every state as it was recorded. The states are searched one by one. */
export function createListingModel(): ListingModel {
  const invocations: Recorded[] = [];
  const byKey = new Map<string, Recorded>();

  function list({ query, search }: Question): Listed[] {
    const { filter, sort, isDescending, after, asOf } = query;
    const compare = (a: Position, b: Position) => comparePositions(a, b) * (isDescending ? -1 : 1);
    return invocations
      .flatMap(({ id, states }): Listed[] => {
        const view = asOf === undefined ? states.at(-1) : stateAsOf(states, asOf);
        if (!view || !matches(view, filter, search)) return [];
        return [{ id, value: view[sort], view }];
      })
      .filter(({ id, value }) => after === undefined || compare([value, id], after) > 0)
      .sort((a, b) => compare([a.value, a.id], [b.value, b.id]));
  }

  return {
    record({ source, observedAt, shown }) {
      for (const { commandId, instanceId, state } of shown) {
        const key = JSON.stringify([source.accountId, source.region, commandId, instanceId]);
        let known = byKey.get(key);
        if (!known) {
          known = { id: invocations.length + 1, states: [] };
          invocations.push(known);
          byKey.set(key, known);
        }
        const last = known.states.at(-1);
        const firstSeenAt = known.states[0]?.changedAt ?? observedAt;
        const view = viewOf({ ...source, commandId, instanceId, firstSeenAt, changedAt: observedAt }, state);
        const isNews = !last || JSON.stringify({ ...last, changedAt: observedAt }) !== JSON.stringify(view);
        if (isNews) known.states.push(view);
      }
    },
    list,
    page(question) {
      const { limit, include } = question.query;
      const rest = list(question);
      const last = rest.length > limit ? rest[limit - 1] : undefined;
      return {
        items: rest.slice(0, limit).map(({ view }) => withInclude(view, include)),
        next: last && [last.value, last.id],
      };
    },
  };
}

/** An invocation is known from its first state on. Its state at `asOf` is the last one that was recorded by then. */
function stateAsOf(states: readonly InvocationView[], asOf: string): InvocationView | undefined {
  const [first] = states;
  if (!first || first.changedAt > asOf) return undefined;
  return states.filter(({ changedAt }) => changedAt <= asOf).at(-1);
}

function matches(view: InvocationView, filter: ListingQuery['filter'], search: Search | undefined): boolean {
  const { instanceName, status, comment, requestedAfter, requestedBefore, changedAfter } = filter;
  const isAsked = (wanted: string | undefined, value: string | null) => wanted === undefined || value === wanted;
  const isAny = (value: string | null) => value !== null && status?.includes(value);
  return (
    isAsked(filter.account, view.accountId) &&
    isAsked(filter.region, view.region) &&
    isAsked(filter.commandId, view.commandId) &&
    isAsked(filter.instanceId, view.instanceId) &&
    isAsked(filter.documentName, view.documentName) &&
    (instanceName === undefined || view.instanceName?.startsWith(instanceName) === true) &&
    (comment === undefined || view.comment?.includes(comment) === true) &&
    (!status?.length || isAny(view.status) === true || isAny(view.statusDetails) === true) &&
    (requestedAfter === undefined || (view.requestedAt !== null && view.requestedAt >= requestedAfter)) &&
    (requestedBefore === undefined || (view.requestedAt !== null && view.requestedAt < requestedBefore)) &&
    (changedAfter === undefined || view.changedAt >= changedAfter) &&
    (!isStepAsked(filter) || (view.plugins ?? []).some((plugin) => isStep(plugin, filter, search)))
  );
}

function isStepAsked({ pluginName, responseCode, q }: InvocationFilter): boolean {
  return pluginName !== undefined || responseCode !== undefined || q !== undefined;
}

function isStep(
  plugin: PluginView,
  { pluginName: name, responseCode }: InvocationFilter,
  search: Search | undefined,
): boolean {
  if (name !== undefined && plugin.name !== name) return false;
  if (responseCode && !isCode(plugin.responseCode, responseCode)) return false;
  const { output } = plugin;
  return !search || (typeof output === 'string' && matchesSearch(output, search));
}

function isCode(value: number | null, { operator, code }: { operator: '=' | '<>' | '>' | '<'; code: number }): boolean {
  if (value === null) return false;
  if (operator === '=') return value === code;
  if (operator === '<>') return value !== code;
  return operator === '>' ? value > code : value < code;
}

function comparePositions([a, idA]: Position, [b, idB]: Position): number {
  if (a === b) return idA - idB;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}

type Identity = Pick<InvocationView, 'accountId' | 'region' | 'commandId' | 'instanceId' | 'firstSeenAt' | 'changedAt'>;

/** An invocation as it is shown with include=outputs. */
function viewOf(identity: Identity, state: InvocationState): InvocationView {
  return {
    ...identity,
    ...absent(INVOCATION_MEMBERS),
    instanceName: state.instanceName ?? null,
    comment: state.comment ?? null,
    documentName: state.documentName ?? null,
    documentVersion: '$DEFAULT',
    requestedAt: isoOf(state.requestedMs),
    status: state.status ?? null,
    statusDetails: state.statusDetails ?? null,
    standardOutputUrl: '',
    standardErrorUrl: '',
    serviceRole: '',
    notificationArn: '',
    notificationEvents: state.events ? [...state.events] : null,
    notificationType: '',
    cloudwatchLogGroup: '',
    isCloudwatchOutputEnabled: false,
    plugins: state.steps.map(pluginOf),
  };
}

function pluginOf({ name, code, startedMs, finishedMs, output }: StepState, position: number): PluginView {
  // A lone surrogate has no UTF-8 form.
  const text = output?.toWellFormed();
  const size = text === undefined ? null : Buffer.byteLength(text);
  return {
    position,
    ...absent(STEP_MEMBERS),
    name: name ?? null,
    status: 'Success',
    statusDetails: 'Success',
    responseCode: code ?? null,
    startedAt: isoOf(startedMs),
    finishedAt: isoOf(finishedMs),
    durationMs: startedMs && finishedMs && finishedMs >= startedMs ? finishedMs - startedMs : null,
    outputSha256: text === undefined ? null : sha256(text).toString('hex'),
    outputSizeBytes: size,
    isOutputTruncated:
      size === null ? null : size >= 2500 || (size >= 2390 && text?.endsWith('---Output truncated---') === true),
    standardOutputUrl: '',
    standardErrorUrl: '',
    outputS3Region: 'eu-west-1',
    outputS3BucketName: '',
    outputS3KeyPrefix: '',
    isOutputPruned: false,
    isSkipped: false,
    output: text ?? null,
  };
}

/** How a row is shown if the service sent none of the members in its list. */
function absent<List extends MemberList>(list: List): ShownRow<List>;
function absent(list: MemberList): Record<string, null> {
  return Object.fromEntries(membersOf(list).flatMap(({ name, kind }) => (kind === 'output' ? [] : [[name, null]])));
}

function withInclude({ plugins = [], ...view }: InvocationView, include: ListingQuery['include']): InvocationView {
  if (include === 'none') return view;
  return { ...view, plugins: include === 'outputs' ? plugins : plugins.map(({ output: _, ...plugin }) => plugin) };
}

function isoOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

/** An invocation as the service sends it. */
export function rawOf({ commandId, instanceId, state }: Shown): Members {
  return rawInvocation({
    CommandId: commandId,
    InstanceId: instanceId,
    InstanceName: state.instanceName,
    Comment: state.comment,
    DocumentName: state.documentName,
    RequestedDateTime: secondsOf(state.requestedMs),
    Status: state.status,
    StatusDetails: state.statusDetails,
    NotificationConfig: { NotificationArn: '', NotificationEvents: state.events, NotificationType: '' },
    CommandPlugins: state.steps.map(({ name, code, startedMs, finishedMs, output }) =>
      rawPlugin({
        Name: name,
        ResponseCode: code,
        ResponseStartDateTime: secondsOf(startedMs),
        ResponseFinishDateTime: secondsOf(finishedMs),
        Output: output,
      }),
    ),
  });
}

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
