import { UserFault } from '../../lib/errors/user-fault.ts';

/** The package that writes Parquet, and searches it. It is optional, since it weighs more than everything else together. */
const PACKAGE = '@duckdb/node-api';

export type DuckDb = typeof import('@duckdb/node-api');

/** Loads DuckDB. Throws UserFault that says what to install where it is missing. */
export async function loadDuckDb(load: () => Promise<DuckDb> = () => import('@duckdb/node-api')): Promise<DuckDb> {
  try {
    return await load();
  } catch (error) {
    throw new UserFault(
      `Sealed days are written and read by DuckDB, which is not installed beside ssm-archive: npm install ${PACKAGE}. The container image has it; there is none for Alpine Linux.`,
      { exitCode: 2, cause: error },
    );
  }
}
