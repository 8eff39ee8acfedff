import { startTinyService, type TinyAnswer, type TinyCall } from '../tiny-service.ts';

type Item = Record<string, unknown>;

/** The invocations and commands that the service shows now. They may be changed at any time. */
export interface PagedHistory {
  invocations: Item[];
  commands: Item[];
  /** The number of rows in a reply. It is low, so that even small histories have tokens. */
  pageRows: number;
  /** Called for each call: if it returns an answer, that replaces the service's answer. */
  fault(call: TinyCall): TinyAnswer | undefined;
  /** Headers that each reply to a listing has. */
  headers(call: TinyCall): Record<string, string>;
}

/** The service's error message for a call that it refuses. */
export function refusal(type: string, message: string): TinyAnswer {
  return { status: 400, body: JSON.stringify({ __type: type, message }) };
}

/**
 * A tiny service whose listings take several replies, with tokens. It knows the filters by id, by time, and by whether
 * a command executes.
 */
export async function startPagedService(history: Partial<PagedHistory> = {}) {
  const shown: PagedHistory = {
    ...{ invocations: [], commands: [], pageRows: 2, fault: () => undefined, headers: () => ({}) },
    ...history,
  };
  const service = await startTinyService((call) => {
    const { operation, input } = call;
    const fault = shown.fault(call);
    if (fault) return fault;
    if (operation !== 'ListCommands' && operation !== 'ListCommandInvocations') return undefined;
    const isOfCommands = operation === 'ListCommands';
    const matching = (isOfCommands ? shown.commands : shown.invocations).filter((item) => matches(item, call));
    const at = Number(input.NextToken ?? 0);
    const next = at + shown.pageRows;
    const token = next < matching.length ? { NextToken: String(next) } : {};
    const list = isOfCommands ? 'Commands' : 'CommandInvocations';
    return {
      body: JSON.stringify({ [list]: matching.slice(at, next), ...token }),
      headers: shown.headers(call),
    };
  });
  return { shown, service };
}

function matches(item: Item, { input }: TinyCall): boolean {
  const filters = filtersOf(input);
  const ms = Number(item.RequestedDateTime) * 1000;
  if (filters.InvokedAfter !== undefined && ms < Date.parse(filters.InvokedAfter)) return false;
  if (filters.InvokedBefore !== undefined && ms >= Date.parse(filters.InvokedBefore)) return false;
  if (filters.ExecutionStage === 'Executing' && item.Status !== 'InProgress') return false;
  if (input.InstanceId !== undefined && input.InstanceId !== item.InstanceId) return false;
  return input.CommandId === undefined || input.CommandId === item.CommandId;
}

/** Returns the filters of a call by their keys. */
export function filtersOf({ Filters = [] }: TinyCall['input']): Record<string, string | undefined> {
  return Object.fromEntries(Filters.map(({ key, value }) => [key, value]));
}
