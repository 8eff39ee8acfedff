import { DEFAULT_OUTPUT_BYTES } from '../../model/outputs/full-output.ts';

/**
 * Refuses a text that is longer than an output is by default. A longer one was made by the query itself, or fetched
 * with a higher limit: in both cases the function would block its process.
 */
export function refuseLonger(name: string, text: string): void {
  if (text.length <= DEFAULT_OUTPUT_BYTES) return;
  throw new RangeError(
    `${name} takes texts of at most ${DEFAULT_OUTPUT_BYTES} characters, and this one has ${text.length}. A piece of a longer output is CAST(substr(CAST(text AS BLOB), 1, 1000000) AS TEXT)`,
  );
}
