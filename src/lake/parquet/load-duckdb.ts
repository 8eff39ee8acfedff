import { UserFault } from '../../lib/errors/user-fault.ts';

/** The package that writes Parquet, and searches it. It is optional, since it weighs more than everything else together. */
const PACKAGE = '@duckdb/node-api';

export type DuckDb = typeof import('@duckdb/node-api');

/** Loads DuckDB. Throws UserFault that says what to install where it is missing. */
export async function loadDuckDb(load: () => Promise<DuckDb> = loadPackage): Promise<DuckDb> {
  try {
    return await load();
  } catch (error) {
    throw new UserFault(
      `Sealed days are written and read by DuckDB, which is not installed beside ssm-archive: npm install ${PACKAGE}. The container image has it; there is none for Alpine Linux.`,
      { exitCode: 2, cause: error },
    );
  }
}

async function loadPackage(): Promise<DuckDb> {
  const duckDb = await import('@duckdb/node-api');
  await keepByteOrderMarks();
  return duckDb;
}

/**
 * The package decodes all texts by one decoder, which drops a byte order mark at the beginning of a value, and it has no
 * setting for that. Outputs of PowerShell begin with one, and would be shown without it. A version that has its decoder
 * elsewhere is used as it is.
 */
async function keepByteOrderMarks(): Promise<void> {
  try {
    const { default: accessors } = await import('@duckdb/node-api/lib/vectors/dataAccessors.js');
    Object.assign(accessors, { textDecoder: new TextDecoder('utf-8', { ignoreBOM: true }) });
  } catch {}
}
