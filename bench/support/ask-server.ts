import { z } from 'zod';
import { startChild } from './start-child.ts';

export const Latencies = z.object({ ms: z.array(z.number()) });
export const Load = z.object({ requests: z.number(), seconds: z.number(), bytes: z.number() });
export const Download = z.object({ seconds: z.number(), firstByteSeconds: z.number(), bytes: z.number() });

/** The requests to a client process, which asks for the `paths` one after another, and begins again after the last. */
export const ClientRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('latencies'),
    url: z.string(),
    paths: z.array(z.string()),
    /** Stops after this many requests or after this time, but makes at least three requests. */
    count: z.number(),
    mostSeconds: z.number(),
    pauseMs: z.number(),
  }),
  z.object({
    kind: z.literal('load'),
    url: z.string(),
    paths: z.array(z.string()),
    connections: z.number(),
    seconds: z.number(),
  }),
  z.object({ kind: z.literal('download'), url: z.string(), path: z.string() }),
]);
export type ClientRequest = z.input<typeof ClientRequest>;

type Without<Request, Key extends PropertyKey> = Request extends unknown ? Omit<Request, Key> : never;
type Asked<Kind extends ClientRequest['kind']> = Without<Extract<ClientRequest, { kind: Kind }>, 'kind'>;

/** A client in a separate process: its work then delays no server, and this process's work delays no measurement. */
export async function startClient(folder: string) {
  const child = await startChild(folder, 'ask-server', null);
  return {
    /** Returns the time of each answer, in milliseconds from the request to the last byte. */
    latencies: async (request: Asked<'latencies'>) =>
      (await child.ask({ kind: 'latencies', ...request } satisfies ClientRequest, Latencies)).ms,
    /** Sends requests over this many connections, one after another on each, for this time. */
    load: (request: Asked<'load'>) => child.ask({ kind: 'load', ...request } satisfies ClientRequest, Load),
    download: (request: Asked<'download'>) =>
      child.ask({ kind: 'download', ...request } satisfies ClientRequest, Download),
    end: child.end,
  };
}

export type Client = Awaited<ReturnType<typeof startClient>>;
