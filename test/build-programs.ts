import { build } from 'esbuild';

/**
 * Builds the programs that tests start into dist/test, before the first test. tsx would have to translate their
 * sources, and each of their hundred starts would take three times as long.
 */
export default async function buildPrograms(): Promise<void> {
  await build({
    entryPoints: {
      'child-host': 'test/lib/child/child-host.ts',
      'open-in-child': 'test/db/open-in-child.ts',
      'record-in-child': 'test/archive/record/record-in-child.ts',
      'pool-host': 'test/processes/pool/pool-host.ts',
      'save-in-child': 'test/reports/save-in-child.ts',
      'settle-in-child': 'test/archive/file/own-files/settle-in-child.ts',
      'sign-in-child': 'test/archive/signing/sign-in-child.ts',
      'slow-reader': 'test/service/slow-reader.ts',
      'trial-child': 'test/lib/child/trial-child.ts',
      'trial-reader': 'test/processes/pool/trial-reader.ts',
    },
    outdir: 'dist/test',
    // The bundle options for the product's programs in build.mjs are the same.
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22.15',
    mainFields: ['module', 'main'],
    external: ['better-sqlite3'],
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}
