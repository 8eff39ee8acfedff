import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { writePages } from '../support/page-file.ts';

// Makes the pages that others measure. As a process of its own, its memory is in no figure.
const { path, invocations } = readInput(z.object({ path: z.string(), invocations: z.number() }));

answerParent(
  () => {
    writePages(path, invocations);
    return null;
  },
  () => {},
);
