import type { Config } from '../config/config.ts';
import { type Fetch, type Listening, listen } from './listen.ts';

export interface ListeningFirst {
  server: Listening & {
    /** Closes all waiting connections and takes no more; does nothing if it was closed before. */
    end(): Promise<void>;
  };
  /** Answers the requests that have come, and all that come from now on. */
  serve(fetch: Fetch): void;
}

/**
 * Takes the configured address before there is anything to serve: a start that can't get the address must not make an
 * archive. Requests that come meanwhile wait. Throws UserFault if the address can't be had.
 */
export async function listenFirst(address: Pick<Config, 'host' | 'port'>): Promise<ListeningFirst> {
  let serve: (fetch: Fetch) => void = () => {};
  const served = new Promise<Fetch>((resolve) => {
    serve = resolve;
  });
  const server = await listen(async (...asked) => (await served)(...asked), address);
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= server.close();
    return closed;
  };
  return {
    serve,
    server: {
      ...server,
      close,
      end() {
        const ended = close();
        server.cut();
        return ended;
      },
    },
  };
}
