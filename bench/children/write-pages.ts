import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { writePages } from '../support/page-file.ts';

// Makes the pages that others measure, in a process of its own: what it holds is in nobody's figures.
const { path, invocations } = readInput(z.object({ path: z.string(), invocations: z.number() }));

answerParent(
  () => {
    writePages(path, invocations);
    return null;
  },
  () => {},
);
