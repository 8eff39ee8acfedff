import { z } from 'zod';

/**
 * How many ids are kept for a listing. Even if each has the greatest accepted length, they all fit into an entry of
 * 65,535 bytes.
 */
const MOST_REQUEST_IDS = 1000;

/** An AWS request id has 36 characters. A text that is longer than this, or has other characters, is not an id. */
const REQUEST_ID = /^[\w-]{1,50}$/;

const form = z.array(z.string());

/**
 * Adds the id of a reply to the ids of its listing, of which the first 999 and the last are kept. Adds nothing if the
 * id is absent or not an id.
 */
export function keepRequestId(ids: string[], id: string | undefined): void {
  if (id !== undefined && REQUEST_ID.test(id)) ids[Math.min(ids.length, MOST_REQUEST_IDS - 1)] = id;
}

/**
 * Returns `request_ids_json` as a list; undefined for NULL, which a sweep without ids has. Throws for JSON that the
 * archive did not write.
 */
export function parseRequestIds(json: string | null): string[] | undefined {
  return json === null ? undefined : form.parse(JSON.parse(json));
}
