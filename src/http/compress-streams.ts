import { pipeline, Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../access/caller.ts';
import { MEDIA_TYPES } from '../lib/media-types.ts';

const WAITING_BYTES = 65_536;

/**
 * Gzips streamed answers, as fast as their client reads. Hono's middleware then does not compress them again. Its own
 * CompressionStream limits chunks instead of bytes: for a slow client, or a source that is faster than gzip, it would
 * keep hundreds of megabytes in memory.
 */
export function compressStreams(): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    await next();
    const isProgressive = c.get('isProgressive') ?? false;
    // The pages of a Parquet file are compressed already.
    if (c.res.headers.get('content-type') === MEDIA_TYPES.parquet) return;
    const isStream = (typeof c.get('rows') === 'function' || isProgressive) && c.req.method !== 'HEAD';
    if (!isStream || !takesGzip(c.req.header('accept-encoding')) || !c.res.body) return;
    c.res = new Response(gzipped(c.res.body, isProgressive), c.res);
    c.res.headers.set('content-encoding', 'gzip');
    c.res.headers.append('vary', 'Accept-Encoding');
  };
}

/** If `isProgressive`, the client can read each part as soon as it arrives; the answer is then a few bytes longer. */
function gzipped(body: ReadableStream<Uint8Array>, isProgressive: boolean): ReadableStream {
  const gzip = createGzip(isProgressive ? { flush: constants.Z_SYNC_FLUSH } : {});
  // If one of the three streams ends or fails, the others end too. No callback is needed: followBody reports how the
  // body ended.
  pipeline(Readable.fromWeb(body), gzip, () => {});
  return Readable.toWeb(gzip, { strategy: new ByteLengthQueuingStrategy({ highWaterMark: WAITING_BYTES }) });
}

/** Whether an Accept-Encoding header accepts gzip, by name or by a wildcard. */
function takesGzip(header = ''): boolean {
  const offers = header.split(',').map((offer) => {
    const [name = '', ...parameters] = offer.split(';').map((part) => part.trim().toLowerCase());
    return { name, q: Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1) };
  });
  const gzip = offers.find(({ name }) => name === 'gzip') ?? offers.find(({ name }) => name === '*');
  return gzip !== undefined && gzip.q > 0;
}
