import type { Config } from '../config/config.ts';
import { type Fetch, type Listening, listen } from './listen.ts';

export interface ListeningFirst {
  server: Listening & {
    /** Breaks off whatever waits, and takes no more connections; nothing happens where it was closed before. */
    end(): Promise<void>;
  };
  /** Answers what has come and what comes from now on. */
  serve(fetch: Fetch): void;
}

/**
 * Takes the configured address before there is anything to serve: a start that can't have it must not have made an archive. What comes in the
 * meantime waits. Throws UserFault where the address can't be had.
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
