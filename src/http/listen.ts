import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Config } from '../config/config.ts';
import { explainTooManyFiles } from '../lib/errors/explain-too-many-files.ts';
import { UserFault } from '../lib/errors/user-fault.ts';

const IDLE_LOOK_MS = 100;

/** The function that answers a request. */
export type Fetch = Parameters<typeof serve>[0]['fetch'];

export interface Listening {
  url: string;
  /** Accepts no more connections, and resolves when all running requests are answered. */
  close(): Promise<void>;
  /** Closes the connections of all requests that are still running. */
  cut(): void;
}

/** Serves the app's `fetch` on the configured address. Throws UserFault if the address can't be used. */
export function listen(fetch: Fetch, { host, port }: Pick<Config, 'host' | 'port'>): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, (address: AddressInfo) => {
      const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve({
        url: `http://${name}:${address.port}`,
        close: () =>
          new Promise((closed) => {
            // A connection with a running request becomes idle later. The server would then keep it open for another
            // request.
            const closeIdle = () => 'closeIdleConnections' in server && server.closeIdleConnections();
            const timer = setInterval(closeIdle, IDLE_LOOK_MS);
            server.close(() => {
              clearInterval(timer);
              closed();
            });
            closeIdle();
          }),
        cut: () => 'closeAllConnections' in server && server.closeAllConnections(),
      });
    });
    server.on('error', (error: Error & { code?: string }) => {
      const tooManyFiles = explainTooManyFiles(error);
      if (tooManyFiles !== undefined) return reject(new UserFault(tooManyFiles, { cause: error }));
      const problem =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is taken by another process. Choose another port with --port or SSM_ARCHIVE_PORT.`
          : `The server can't listen on ${host}:${port} (${error.message}). Check --host and --port, or SSM_ARCHIVE_HOST and SSM_ARCHIVE_PORT.`;
      reject(new UserFault(problem, { exitCode: 2, cause: error }));
    });
  });
}
