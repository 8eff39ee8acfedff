/**
 * A program of the product, as `npm test` has built it before: it starts in a third of the time of its source, and hundreds
 * of them start in a run. Paths are from the project's folder, where the tests run.
 */
export function builtProgram(name: 'cli' | 'collector' | 'reader' | 'sql-reader' | 'verifier' | 'evidence-maker') {
  return { path: `dist/${name}.js`, execArgv: [] as string[] };
}

/** A program of the tests, as build-programs.ts has built it before. */
export function testProgram(
  name:
    | 'child-host'
    | 'open-in-child'
    | 'pool-host'
    | 'save-in-child'
    | 'settle-in-child'
    | 'sign-in-child'
    | 'slow-reader'
    | 'trial-child'
    | 'trial-reader',
) {
  return { path: `dist/test/${name}.js`, execArgv: [] as string[] };
}
