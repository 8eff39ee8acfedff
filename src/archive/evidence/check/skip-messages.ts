import { isSkipMessage } from '../../../model/skipped-steps.ts';
import type { ZippedFile } from '../zip/read-zip.ts';

/** The agent's sentence is far shorter, so longer outputs are not read. */
const MOST_BYTES = 4096;

/** Returns those of the given SHA-256 whose outputs in the pack say that the agent skipped a step. */
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
