import { AwsError } from '../http/aws/aws-error.ts';
import type { CommandFilters, CommandHistory, Scope } from '../http/aws/command-history.ts';
import { hasStatus } from '../http/aws/has-status.ts';
import type { CommandInvocationRecord } from '../http/aws/records.ts';
import { isFinal } from '../model/final-status.ts';
import { type CommandPlan, DAY_MS, requestOffsetMs } from './fleet/command-plan.ts';
import type { Site } from './fleet/create-site.ts';
import type { FleetOptions } from './fleet/fleet-options.ts';
import { planInvocation } from './fleet/plan-invocation.ts';
import {
  type Entry,
  type Place,
  type Span,
  spanOfInvocations,
  walkCommands,
  walkInvocations,
} from './fleet/walk-site.ts';
import { type PagingContext, pageWalk } from './page-walk.ts';
import { commandRecord, commandState } from './records/command-record.ts';
import { invocationRecord, shownState } from './records/invocation-record.ts';
import { invocationResult } from './records/invocation-result.ts';
import { sendEvent } from './send-event.ts';

export interface SimulatedHistory extends CommandHistory {
  /** Returns every invocation that a listing without faults would return now, with details, newest first. */
  truth(scope: Scope): Generator<CommandInvocationRecord>;
  /** Returns CloudTrail's events of the commands that can be listed now, newest first. */
  sendEvents(scope: Scope): Generator<object>;
}

const RETENTION_MS = 30 * DAY_MS;
const EVERYTHING: CommandFilters = { statuses: [], documentNames: [] };

/** The fleet's history as the protocol reads it. An account or region outside the fleet has an empty history. */
export function createHistory(
  sites: readonly Site[],
  { filterTime, forgetTime }: Pick<FleetOptions, 'filterTime' | 'forgetTime'>,
  context: PagingContext,
): SimulatedHistory {
  const { faults } = context;
  const siteOf = ({ accountId, region }: Scope) =>
    sites.find((site) => site.accountId === accountId && site.region === region);
  // Skew moves the service's clock, and with it all times that the service sends.
  const serviceNowMs = () => context.now().getTime() + faults.clockSkewMs;
  const isForgotten = (command: CommandPlan, { fromMs }: Span) =>
    forgetTime === 'command' && command.requestedMs < fromMs;

  return {
    listInvocations: (scope, { limit, cursor, commandId, instanceId, filters, details }) => {
      const site = siteOf(scope);
      if (!site) return { items: [] };
      const nowMs = serviceNowMs();
      const kept = keptSpan(nowMs);
      const asked = narrow(kept, filters);
      const walked = faults.filterAfterPaging
        ? kept
        : filterTime === 'command'
          ? narrow(kept, boundsOf(spanOfInvocations(asked)))
          : asked;
      const statusOf = ({ command, target }: Entry) =>
        shownState(planInvocation(command, target, site.node(command, target)), nowMs, faults);
      return pageWalk(context, {
        limit,
        cursor,
        entries: (from) =>
          commandId === undefined
            ? walkInvocations(site, walked, from)
            : walkTargets(site.commandById(commandId), walked, from),
        matches: (entry) => {
          if (isForgotten(entry.command, kept)) return false;
          const time = filterTime === 'command' ? entry.command.requestedMs : entry.requestedMs;
          if (isBounded(filters) && (time < asked.fromMs || time >= asked.untilMs)) return false;
          if (instanceId !== undefined && site.targetOf(entry.command, instanceId) !== entry.target) return false;
          if (!filters.documentNames.every((name) => name === entry.command.document.name)) return false;
          if (filters.statuses.length === 0) return true;
          const state = statusOf(entry);
          return filters.statuses.every((wanted) => hasStatus(wanted, state.status, state.details));
        },
        toItem: ({ command, target }) => invocationRecord(site, command, target, nowMs, faults, details),
      });
    },

    listCommands: (scope, { limit, cursor, commandId, instanceId, filters, executionStages }) => {
      const site = siteOf(scope);
      if (!site) return { items: [] };
      const nowMs = serviceNowMs();
      const kept = keptSpan(nowMs);
      const asked = narrow(kept, filters);
      const isStateAsked = filters.statuses.length > 0 || executionStages.length > 0;
      return pageWalk(context, {
        limit,
        cursor,
        entries: (from) =>
          commandId === undefined
            ? walkCommands(site, faults.filterAfterPaging ? kept : asked, from)
            : walkCommand(site.commandById(commandId), kept, from),
        matches: ({ command, requestedMs }) => {
          if (requestedMs < asked.fromMs || requestedMs >= asked.untilMs) return false;
          if (instanceId !== undefined && site.targetOf(command, instanceId) === undefined) return false;
          if (!filters.documentNames.every((name) => name === command.document.name)) return false;
          if (!isStateAsked) return true;
          const { status, details } = commandState(site, command, nowMs);
          const stage = isFinal(status) ? 'Complete' : 'Executing';
          return (
            executionStages.every((wanted) => wanted === stage) &&
            filters.statuses.every((wanted) => hasStatus(wanted, status, details))
          );
        },
        toItem: ({ command }) => commandRecord(site, command, nowMs, faults),
      });
    },

    getInvocation: (scope, { commandId, instanceId, pluginName }) => {
      const site = siteOf(scope);
      const nowMs = serviceNowMs();
      const command = site?.commandById(commandId);
      const target = command && site?.targetOf(command, instanceId);
      if (!site || !command || target === undefined) throw new AwsError('InvocationDoesNotExist');
      const requestedMs = command.requestedMs + requestOffsetMs(command, target);
      const { fromMs, untilMs } = keptSpan(nowMs);
      if (requestedMs < fromMs || requestedMs >= untilMs || isForgotten(command, { fromMs, untilMs }))
        throw new AwsError('InvocationDoesNotExist');
      return invocationResult(site, command, target, pluginName, nowMs, faults);
    },

    *truth(scope) {
      const site = siteOf(scope);
      if (!site) return;
      const nowMs = serviceNowMs();
      const kept = keptSpan(nowMs);
      for (const { command, target } of walkInvocations(site, narrow(kept, EVERYTHING), undefined)) {
        if (!isForgotten(command, kept)) yield invocationRecord(site, command, target, nowMs, faults, true);
      }
    },

    *sendEvents(scope) {
      const site = siteOf(scope);
      if (!site) return;
      const nowMs = serviceNowMs();
      for (const { command } of walkCommands(site, narrow(keptSpan(nowMs), EVERYTHING), undefined)) {
        yield sendEvent(scope, commandRecord(site, command, nowMs, faults));
      }
    },
  };
}

/** The span that the service remembers: thirty days up to now, and no time in the future. */
function keptSpan(nowMs: number): Span {
  return { fromMs: nowMs - RETENTION_MS, untilMs: nowMs + 1 };
}

function narrow(span: Span, { invokedAfterMs, invokedBeforeMs }: Partial<CommandFilters>): Span {
  return {
    fromMs: Math.max(span.fromMs, invokedAfterMs ?? span.fromMs),
    untilMs: Math.min(span.untilMs, invokedBeforeMs ?? span.untilMs),
  };
}

function boundsOf({ fromMs, untilMs }: Span): Partial<CommandFilters> {
  return { invokedAfterMs: fromMs, invokedBeforeMs: untilMs };
}

function isBounded({ invokedAfterMs, invokedBeforeMs }: CommandFilters): boolean {
  return invokedAfterMs !== undefined || invokedBeforeMs !== undefined;
}

/** Returns a command's invocations, newest first: a later target is requested later. */
function* walkTargets(command: CommandPlan | undefined, span: Span, from: Place | undefined): Generator<Entry> {
  if (!command) return;
  for (let target = Math.min(from?.at ?? command.size, command.size - 1); target >= 0; target--) {
    const requestedMs = command.requestedMs + requestOffsetMs(command, target);
    if (requestedMs >= span.untilMs || requestedMs < span.fromMs) continue;
    yield { day: 0, at: target, command, target, requestedMs };
  }
}

function* walkCommand(command: CommandPlan | undefined, span: Span, from: Place | undefined): Generator<Entry> {
  if (!command || (from && from.at < 0)) return;
  const { requestedMs } = command;
  if (requestedMs < span.fromMs || requestedMs >= span.untilMs) return;
  yield { day: 0, at: 0, command, target: 0, requestedMs };
}
