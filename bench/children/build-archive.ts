import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { buildArchive } from '../support/build-archive.ts';

// A separate process, because building takes minutes, and meanwhile the parent could not read messages.
const { path, invocations, days } = readInput(
  z.object({ path: z.string(), invocations: z.number(), days: z.number().optional() }),
);

answerParent(async () => {
  const start = performance.now();
  await buildArchive(path, invocations, (line) => console.log(`  ${line}`), days);
  return { seconds: (performance.now() - start) / 1000 };
});
