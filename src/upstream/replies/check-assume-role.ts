import type { Readable } from 'node:stream';
import type { Pluggable } from '@smithy/types';
import { OUTGOING } from '../calls/outgoing.ts';
import { readBody } from './read-reply.ts';
import { refuseBadSts } from './refuse-bad-sts.ts';
import { refuseHtml } from './refuse-foreign.ts';

/**
 * Checks the replies to AssumeRole before the SDK reads them: the SDK uses a client of its own for this call. The
 * source's pacer retries after a bad reply, as after any other. The SDK adds the returned plugin to the same client
 * each time credentials are renewed, so it has a name and replaces itself.
 */
export function checkAssumeRole(setting: string): Pluggable<object, object> {
  return {
    applyToStack(stack) {
      stack.add(
        (next) => async (args) => {
          const result = await next(args);
          const { response } = result;
          if (!isReply(response)) return result;
          const { statusCode: status } = response;
          const body = await readBody(response.body, OUTGOING.aws.idleMs);
          refuseHtml({ status, body, setting });
          if (status < 300) refuseBadSts(body, 'AssumeRole');
          return { ...result, response: Object.assign(response, { body }) };
        },
        { step: 'deserialize', priority: 'low', name: 'checkAssumeRole', override: true },
      );
    },
  };
}

function isReply(response: unknown): response is { statusCode: number; body: Readable } {
  return typeof response === 'object' && response !== null && 'statusCode' in response && 'body' in response;
}
