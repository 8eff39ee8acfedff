import { AsyncLocalStorage } from 'node:async_hooks';
import { aroundEach, onTestFinished, type TestContext } from 'vitest';

const current = new AsyncLocalStorage<TestContext>();

/**
 * Calls a function when the current test ends. vitest's own onTestFinished does not know which test is the current one
 * if several run at once; this one does, in a file that has called `knowTests`.
 */
export function onTestEnd(end: () => void | Promise<void>): void {
  const context = current.getStore();
  if (context) context.onTestFinished(end);
  else onTestFinished(end);
}

/**
 * Lets the helpers that a file's tests call know for which test they are called. A file with `describe.concurrent`
 * calls this first: there, tests that wait for processes and clocks wait at the same time.
 */
export function knowTests(): void {
  aroundEach((runTest, context) => current.run(context, runTest));
}
