import type { ClientRequest } from 'node:http';
import { SECOND_MS } from '../../lib/time.ts';

/**
 * After this time without an answer, a sentence says that there is none. It comes within five seconds after the command
 * was started, and does not come if the server answers within three seconds.
 */
const SAID_MS = 3.3 * SECOND_MS;

/** Facts about a request that has no answer yet. */
export interface AwaitedAnswer {
  origin: string;
  isSecure: boolean;
  /** The longest time for making the connection. */
  connectMs: number;
  /** Called at most once, if no answer has begun in time. */
  say(sentence: string): void;
}

/**
 * Tells the person if no answer has begun in time, and gives up if there is still no connection: the system itself
 * would go on trying for minutes.
 */
export function watchAnswer(request: ClientRequest, { origin, isSecure, connectMs, say }: AwaitedAnswer): void {
  let isConnected = false;
  const saying = setTimeout(() => {
    const seconds = Math.round(SAID_MS / SECOND_MS);
    say(
      isConnected
        ? `${origin} has received the question, but has sent nothing for ${seconds} seconds: it is still working on the answer, or it is not an ssm-archive server. Still waiting.`
        : `${origin} has not answered for ${seconds} seconds: there is no connection yet. Check the address, and look for a firewall or a proxy on the way.`,
    );
  }, SAID_MS);
  const givingUp = setTimeout(() => {
    const error = new Error(`no connection came within ${connectMs / SECOND_MS} seconds`);
    request.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  }, connectMs);
  const end = () => {
    clearTimeout(saying);
    clearTimeout(givingUp);
  };
  request.once('socket', (socket) => {
    const stands = () => {
      isConnected = true;
      clearTimeout(givingUp);
    };
    // A connection of an earlier question that is used again emits no `connect` event.
    if (request.reusedSocket) stands();
    else socket.once(isSecure ? 'secureConnect' : 'connect', stands);
  });
  request.once('response', end).once('close', end);
}
