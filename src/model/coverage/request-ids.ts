import { z } from 'zod';

/** So many of a listing are kept: with an id of the most that counts as one, they fit into an entry of 65,535 bytes. */
export const MOST_REQUEST_IDS = 1000;

/** An id of AWS has 36 characters. What is longer, or of others, is none. */
const REQUEST_ID = /^[\w-]{1,50}$/;

const form = z.array(z.string());

/** Adds the id of a reply to those of its listing: the first 999 stay, and the last. Absent, or no id, it adds nothing. */
export function keepRequestId(ids: string[], id: string | undefined): void {
  if (id !== undefined && REQUEST_ID.test(id)) ids[Math.min(ids.length, MOST_REQUEST_IDS - 1)] = id;
}

/** `request_ids_json` as a list. NULL, of a sweep that has none, is undefined. Throws for what the archive did not write. */
export function parseRequestIds(json: string | null): string[] | undefined {
  return json === null ? undefined : form.parse(JSON.parse(json));
}
