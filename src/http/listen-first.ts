import type { Config } from '../config/config.ts';
import { type Fetch, type Listening, listen } from './listen.ts';

export interface ListeningFirst {
  server: Listening & {
    /** Closes all waiting connections and accepts no more. Does nothing if the server was closed before. */
    end(): Promise<void>;
  };
  /** Answers the waiting requests, and all later ones, with this function. */
  serve(fetch: Fetch): void;
}

/**
 * Listens on the configured address before there is anything to serve, so that a start with an unusable address does
 * not make an archive. Requests wait until `serve` is called. Throws UserFault if the address can't be used.
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
