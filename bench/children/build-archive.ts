import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { buildArchive } from '../support/build-archive.ts';

// A separate process, because building takes minutes, and meanwhile the parent could not read messages.
const { path, invocations } = readInput(z.object({ path: z.string(), invocations: z.number() }));

answerParent(async () => {
  const start = performance.now();
  await buildArchive(path, invocations, (line) => console.log(`  ${line}`));
  return { seconds: (performance.now() - start) / 1000 };
});
