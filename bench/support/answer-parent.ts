import type { ZodType, z } from 'zod';

/** The child's `input`, as startChild sent it, checked against its schema. */
export function readInput<T extends ZodType>(form: T): z.output<T> {
  return form.parse(JSON.parse(process.argv[2] ?? 'null'));
}

/** Answers the parent's requests one after another until the parent disconnects, then cleans up and ends. */
export function answerParent(answer: (request: unknown) => unknown, close: () => unknown = () => undefined): void {
  process.on('message', (message: { request: unknown }) => {
    void Promise.resolve(answer(message.request)).then((reply) => process.send?.(reply));
  });
  process.on('disconnect', () => void Promise.resolve(close()).then(() => process.exit()));
}
