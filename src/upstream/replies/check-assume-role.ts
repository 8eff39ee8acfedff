import type { Readable } from 'node:stream';
import type { Pluggable } from '@smithy/types';
import { OUTGOING } from '../calls/outgoing.ts';
import { readBody } from './read-reply.ts';
import { refuseBadSts } from './refuse-bad-sts.ts';
import { refuseHtml } from './refuse-foreign.ts';

/**
 * Looks at the replies to AssumeRole, which the SDK asks by a client of its own, before it reads them: what is not good is then tried again by
 * the source's pacer, as all else is. The SDK adds it to the same client whenever credentials are renewed.
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
