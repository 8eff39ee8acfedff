import type { z } from '@hono/zod-openapi';
import type { InvocationFilter } from '../../archive/invocation-filter.ts';
import type { filterParameters } from './parameters.ts';

type Parameters = { [Name in keyof typeof filterParameters]?: z.output<(typeof filterParameters)[Name]> };

/** The filter that the parameters ask for. */
export function readFilter(parameters: Parameters): InvocationFilter {
  const { account, instanceName, status, pluginName, responseCode, q } = parameters;
  const { region, commandId, instanceId, documentName, comment, requestedAfter, requestedBefore, changedAfter } =
    parameters;
  const step = { name: pluginName, responseCode, match: q };
  return {
    ...{ accountId: account, region, commandId, instanceId, instanceNamePrefix: instanceName, documentName },
    ...{ statuses: status, comment, requestedAfter, requestedBefore, changedAfter },
    ...(Object.values(step).some((value) => value !== undefined) && { step }),
  };
}
