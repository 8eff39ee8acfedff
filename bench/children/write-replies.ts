import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { writeReplies } from '../support/reply-file.ts';

// Makes the replies that others measure. As a process of its own, its memory is in no figure.
const { path, invocations } = readInput(z.object({ path: z.string(), invocations: z.number() }));

answerParent(
  () => {
    writeReplies(path, invocations);
    return null;
  },
  () => {},
);
