/**
 * A program of the product, as `npm test` has built it before: it starts in a third of the time of its source, and hundreds
 * of them start in a run. Paths are from the project's folder, where the tests run.
 */
export function builtProgram(name: 'cli' | 'collector' | 'reader' | 'sql-reader' | 'verifier' | 'evidence-maker') {
  return { path: `dist/${name}.js`, execArgv: [] as string[] };
}
