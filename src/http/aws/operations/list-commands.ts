import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import { COMMAND_ID, FILTERS, INSTANCE_ID, MAX_RESULTS, type MemberConstraints } from '../input/constraints.ts';
import { filters, integer, text } from '../input/input-members.ts';
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
});
const CONSTRAINTS: MemberConstraints = {
  CommandId: COMMAND_ID,
  InstanceId: INSTANCE_ID,
  MaxResults: MAX_RESULTS,
  NextToken: { kind: 'string' },
  Filters: FILTERS,
};

/** ListCommands: a page of commands, the newest first. */
export const listCommands: Operation = {
  name: 'ListCommands',
  run: async ({ history, scope, tokenSecret }, body) => {
    const input = parseInput(body, Input, CONSTRAINTS);
    const { CommandId, InstanceId, Filters } = input;
    const parsed = parseFilters(Filters, 'ListCommands');
    // The reference of ListCommands does not allow a node's id together with Status = Pending. The words of AWS's own
    // error are not known.
    if (InstanceId !== undefined && parsed.filters.statuses.includes('Pending')) {
      throw new AwsError(
        'ValidationException',
        "You can't specify a managed node ID in the same command that you specify Status = Pending.",
      );
    }
    const listing = { operation: 'ListCommands', scope, parameters: [CommandId, InstanceId, Filters] };
    const { items, token, coverage } = await readPage(tokenSecret, listing, input, (page) =>
      history.listCommands(scope, {
        ...page,
        ...(CommandId !== undefined && { commandId: CommandId }),
        ...(InstanceId !== undefined && { instanceId: InstanceId }),
        ...parsed,
      }),
    );
    return { reply: { Commands: items, ...token }, items: items.length, coverage };
  },
};
