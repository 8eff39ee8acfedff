import { z } from 'zod';
import { COMMAND_ID, FILTERS, INSTANCE_ID, MAX_RESULTS, type MemberConstraints } from '../input/constraints.ts';
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
const CONSTRAINTS: MemberConstraints = {
  CommandId: COMMAND_ID,
  InstanceId: INSTANCE_ID,
  MaxResults: MAX_RESULTS,
  NextToken: { kind: 'string' },
  Filters: FILTERS,
  Details: { kind: 'boolean' },
};

/** ListCommandInvocations: a page of invocations, the newest first. */
export const listCommandInvocations: Operation = {
  name: 'ListCommandInvocations',
  run: async ({ history, scope, tokenSecret }, body) => {
    const input = parseInput(body, Input, CONSTRAINTS);
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
  },
};
