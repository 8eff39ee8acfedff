import { isSkipMessage } from '../../../model/skipped-steps.ts';
import type { ZippedFile } from '../zip/read-zip.ts';

/** The agent's sentence is far shorter: longer outputs need not be read again. */
const MOST_BYTES = 4096;

/** Of the outputs in a pack with these SHA-256, those that are what the agent says of a step that it skipped. */
export async function skipMessagesOf(
  files: ReadonlyMap<string, ZippedFile>,
  digests: ReadonlySet<string>,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const digest of digests) {
    const file = files.get(`outputs/${digest}.txt`);
    if (!file || file.bytes > MOST_BYTES) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.stream()) chunks.push(chunk);
    if (isSkipMessage(Buffer.concat(chunks).toString('utf8'))) found.add(digest);
  }
  return found;
}
