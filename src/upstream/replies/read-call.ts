import type { Readable } from 'node:stream';
import type { DeserializeHandler, MetadataBearer, Pluggable } from '@smithy/types';
import { COVERAGE_HEADER } from '../../model/coverage/coverage-statement.ts';
import { OUTGOING } from '../calls/outgoing.ts';
import { ReplyUnreadable } from '../errors.ts';
import { type CallCounts, countAttempts } from './count-attempts.ts';
import { type ListOperation, STS_ELEMENTS, type StsOperation } from './good-replies.ts';
import { type ListReply, parseReply, readBody } from './read-reply.ts';
import { refuseBadSts } from './refuse-bad-sts.ts';
import { refuseHtml, refuseNoJson } from './refuse-foreign.ts';

export interface CallReading {
  counts: CallCounts;
  /** Called with the time on the service's clock, in epoch milliseconds, at each reply that is dated. */
  onDate?(servedAtMs: number): void;
  /**
   * The operation that is called: replies/good-replies.ts says which replies are good. Replies of STS are left to the
   * SDK's deserializer.
   */
  operation: ListOperation | StsOperation;
  /** The name of the setting for the service's address, in words. */
  setting: string;
  /** How long a reply may pause in its middle. */
  idleMs?: number;
}

/** Headers as Node has them, with all names in lower case. */
const REQUEST_ID_HEADER = 'x-amzn-requestid';

/**
 * Returns the middleware of one call. It counts the call's attempts, and reads the bytes of the reply itself. The SDK
 * still does the signing, endpoints and retries; but its deserializer drops members that its model does not know and
 * throws on a date that is not a number, so the deserializer gets an empty body.
 */
export function readCall(reading: CallReading): {
  middleware: Pluggable<object, MetadataBearer>;
  reply(): ListReply;
} {
  const { counts, onDate, operation, setting, idleMs = OUTGOING.aws.idleMs } = reading;
  let reply: ListReply | undefined;

  const middleware: Pluggable<object, MetadataBearer> = {
    applyToStack(stack) {
      countAttempts(counts).applyToStack(stack);
      stack.add(takeReply, { step: 'deserialize', priority: 'low', name: 'takeReply' });
    },
  };

  function takeReply(next: DeserializeHandler<object, MetadataBearer>): DeserializeHandler<object, MetadataBearer> {
    return async (args) => {
      const result = await next(args);
      const { response } = result;
      if (!isHttpResponse(response)) throw new ReplyUnreadable('The reply is not an HTTP response.');
      const date = Date.parse(response.headers.date ?? '');
      if (!Number.isNaN(date)) onDate?.(date);
      // The SDK must still read a body: the stream is used up, so it gets an empty object.
      const body = await readBody(response.body, idleMs);
      const { statusCode: status } = response;
      refuseHtml({ status, body, setting });
      if (isOfSts(operation)) {
        if (status < 300) refuseBadSts(body, operation);
        return { ...result, response: Object.assign(response, { body }) };
      }
      if (status >= 300) {
        refuseNoJson({ status, body, setting });
        return { ...result, response: Object.assign(response, { body }) };
      }
      reply = {
        ...parseReply(body, operation),
        coverage: response.headers[COVERAGE_HEADER],
        requestId: response.headers[REQUEST_ID_HEADER],
      };
      return { ...result, response: Object.assign(response, { body: Buffer.from('{}') }) };
    };
  }

  return {
    middleware,
    reply() {
      if (!reply) throw new ReplyUnreadable('The call ended without a reply.');
      return reply;
    },
  };
}

function isOfSts(operation: ListOperation | StsOperation): operation is StsOperation {
  return operation in STS_ELEMENTS;
}

interface HttpReply {
  statusCode: number;
  headers: Record<string, string | undefined>;
  body: Readable;
}

function isHttpResponse(response: unknown): response is HttpReply {
  return typeof response === 'object' && response !== null && 'statusCode' in response && 'body' in response;
}
