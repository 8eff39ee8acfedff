import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import type { HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { boundCall, type CallBounds } from './bound-call.ts';
import { refuseRedirect } from './refuse-redirect.ts';

interface Times {
  connectMs: number;
  beginMs: number;
}

/**
 * The SDK's own handler of requests, for any of its clients, whose every request ends within the bounds: the SDK's timeouts end with the
 * reply's headers. Throws CallLate, Interrupted, EndpointRedirects, and the SDK's errors; the body's stream fails by the first two.
 */
export function boundHandler({ connectMs, beginMs }: Times, bounds: CallBounds): NodeHttpHandler {
  const handler = new NodeHttpHandler({
    connectionTimeout: connectMs,
    requestTimeout: beginMs,
    throwOnRequestTimeout: true,
  });
  const handle = handler.handle.bind(handler);
  return Object.assign(handler, {
    async handle(...[request, options]: Parameters<typeof handle>) {
      const call = boundCall(bounds);
      const given = options?.abortSignal;
      const abortSignal = given instanceof AbortSignal ? AbortSignal.any([given, call.signal]) : call.signal;
      let response: HttpResponse;
      try {
        ({ response } = await handle(request, { ...options, abortSignal }));
        refuseRedirect(response, request);
      } catch (error) {
        call.ended();
        // The SDK has an error of its own for what was aborted.
        throw abortSignal.aborted ? abortSignal.reason : error;
      }
      const { body } = response;
      if (body instanceof IncomingMessage) {
        const breakOff = () => body.destroy(abortSignal.reason);
        if (abortSignal.aborted) breakOff();
        else abortSignal.addEventListener('abort', breakOff, { once: true });
        once(body, 'close').then(call.ended, call.ended);
      } else call.ended();
      return { response };
    },
  });
}
