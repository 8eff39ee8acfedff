/**
 * Returns a program of the product that `npm test` has built. It starts in a third of the time that its source needs,
 * and a run has hundreds of starts. Paths are relative to the project's folder, in which the tests run.
 */
export function builtProgram(
  name:
    | 'cli'
    | 'collector'
    | 'reader'
    | 'sql-reader'
    | 'lake-sql-reader'
    | 'lake-copier'
    | 'verifier'
    | 'lake-verifier'
    | 'evidence-maker'
    | 'sealer'
    | 'stager',
) {
  return { path: `dist/${name}.js`, execArgv: [] as string[] };
}

/** Returns a program of the tests that build-programs.ts has built. */
export function testProgram(
  name:
    | 'child-host'
    | 'open-in-child'
    | 'pool-host'
    | 'record-in-child'
    | 'save-in-child'
    | 'settle-in-child'
    | 'sign-in-child'
    | 'slow-reader'
    | 'trial-child'
    | 'trial-reader',
) {
  return { path: `dist/test/${name}.js`, execArgv: [] as string[] };
}
