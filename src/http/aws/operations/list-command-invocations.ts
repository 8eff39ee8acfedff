import { z } from 'zod';
import { LIST_COMMAND_INVOCATIONS } from '../input/constraints.ts';
import { filters, flag, integer, text } from '../input/input-members.ts';
import { parseFilters } from '../input/parse-filters.ts';
import { parseInput } from '../input/parse-input.ts';
import type { Operation } from './operation.ts';
import { readPage } from './read-page.ts';

const Input = z.object({
  CommandId: text,
  InstanceId: text,
  MaxResults: integer,
  NextToken: text,
  Filters: filters,
  Details: flag,
});

/** ListCommandInvocations: a page of invocations, the newest first. */
export const listCommandInvocations: Operation = async ({ history, scope, tokenSecret }, body) => {
  const input = parseInput(body, Input, LIST_COMMAND_INVOCATIONS);
  const { CommandId, InstanceId, Filters, Details = false } = input;
  const parsed = parseFilters(Filters, 'ListCommandInvocations');
  const listing = {
    operation: 'ListCommandInvocations',
    scope,
    parameters: [CommandId, InstanceId, Filters, Details],
  };
  const { items, token, coverage } = await readPage(tokenSecret, listing, input, (page) =>
    history.listInvocations(scope, {
      ...page,
      ...(CommandId !== undefined && { commandId: CommandId }),
      ...(InstanceId !== undefined && { instanceId: InstanceId }),
      filters: parsed.filters,
      details: Details,
    }),
  );
  return { reply: { CommandInvocations: items, ...token }, items: items.length, coverage };
};
