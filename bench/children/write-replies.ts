import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { writeReplies } from '../support/reply-file.ts';

// Makes the replies that others measure, in a process of its own: what it holds is in nobody's figures.
const { path, invocations } = readInput(z.object({ path: z.string(), invocations: z.number() }));

answerParent(
  () => {
    writeReplies(path, invocations);
    return null;
  },
  () => {},
);
