import { COMPRESSIBLE_CONTENT_TYPE_REGEX } from 'hono/compress';

/** Whether answers of this type are compressed: the types that Hono compresses, and NDJSON. */
export function isCompressible(type: string): boolean {
  return COMPRESSIBLE_CONTENT_TYPE_REGEX.test(type) || type.startsWith('application/x-ndjson');
}
