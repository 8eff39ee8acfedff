import { once } from 'node:events';
import { Agent as HttpAgent, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { boundCall, type CallBounds } from './bound-call.ts';
import { NoAnswer } from './connection-fault.ts';
import { refuseRedirect } from './refuse-redirect.ts';
import type { SilenceWatch } from './watch-silence.ts';

/** The same settings as the SDK's own agents. */
const AGENT = { keepAlive: true, maxSockets: 50 } as const;
/** The content types in which AWS services answer, errors included. */
const OWN_TYPE = /^(application|text)\/(x-amz-json|json|xml)/;

interface Times {
  connectMs: number;
  beginMs: number;
}

/**
 * Returns the SDK's own request handler, for any of its clients, with a limit on each whole request: the SDK's timeouts
 * end with the reply's headers. Throws CallLate, Interrupted, EndpointRedirects, and the SDK's errors; the stream of a
 * body fails with one of the first two.
 */
export function boundHandler(
  { connectMs, beginMs }: Times,
  bounds: CallBounds,
  watch?: SilenceWatch | undefined,
): NodeHttpHandler {
  const handler = new NodeHttpHandler({
    connectionTimeout: connectMs,
    requestTimeout: beginMs,
    throwOnRequestTimeout: true,
    ...(watch && {
      httpAgent: toldOf(new HttpAgent(AGENT), { protocol: 'http:', port: 80, ready: 'connect' }, watch),
      httpsAgent: toldOf(new HttpsAgent(AGENT), { protocol: 'https:', port: 443, ready: 'secureConnect' }, watch),
    }),
  });
  const handle = handler.handle.bind(handler);
  const hear = ({ statusCode, headers }: HttpResponse, endpoint: string) => {
    const type = headers['content-type'];
    const isPage = type?.startsWith('text/html') === true;
    // A service that is in trouble or throttles says so in its own form: it has answered, and the pacer slows down.
    const isOwn = headers['x-amzn-requestid'] !== undefined || headers['x-amz-request-id'] !== undefined;
    const isTrouble = statusCode >= 500 && !isOwn && !OWN_TYPE.test(type ?? '');
    if (isTrouble || isPage) watch?.failed(endpoint, new NoAnswer(statusCode, isPage ? type : undefined));
    else watch?.answered(endpoint);
  };
  return Object.assign(handler, {
    async handle(...[request, options]: Parameters<typeof handle>) {
      const call = boundCall(bounds);
      const given = options?.abortSignal;
      const abortSignal = given instanceof AbortSignal ? AbortSignal.any([given, call.signal]) : call.signal;
      let response: HttpResponse;
      const endpoint = addressOf(request);
      watch?.asked(endpoint);
      try {
        ({ response } = await handle(request, { ...options, abortSignal }));
        hear(response, endpoint);
        refuseRedirect(response, request);
      } catch (error) {
        call.ended();
        watch?.failed(endpoint, error);
        // The SDK's errors do not name the endpoint.
        if (error instanceof Error && !('endpoint' in error)) Object.assign(error, { endpoint });
        // If the signal has aborted, the SDK throws an error of its own, which does not say the reason.
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

/** Returns the agent; it now tells the watch about each connection that is established. */
function toldOf<Made extends HttpAgent | HttpsAgent>(
  agent: Made,
  { protocol, port: usual, ready }: { protocol: string; port: number; ready: 'connect' | 'secureConnect' },
  watch: SilenceWatch,
): Made {
  const create = agent.createConnection.bind(agent);
  return Object.assign(agent, {
    createConnection(...[options, called]: Parameters<typeof create>) {
      const socket = create(options, called);
      const port = Number(options.port ?? usual);
      const hostname = options.host ?? 'localhost';
      socket?.once(ready, () =>
        watch.connected(addressOf({ protocol, hostname, port: port === usual ? undefined : port })),
      );
      return socket;
    },
  });
}

function addressOf({
  protocol,
  hostname,
  port,
}: {
  protocol: string;
  hostname: string;
  port?: number | undefined;
}): string {
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
}
