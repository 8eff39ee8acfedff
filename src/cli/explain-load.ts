const PREBUILT = 'Linux (glibc and musl), macOS and Windows, on x64 and arm64';

/**
 * Returns a sentence that says what to do if SQLite's driver could not be loaded; undefined for any other error.
 * Nothing in ssm-archive works without the driver, and Node itself would print only a stack trace.
 */
export function explainLoad(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message.replace(/\s+/g, ' ') : '';
  if (code === 'ERR_MODULE_NOT_FOUND' && message.includes("'better-sqlite3'"))
    return 'The package better-sqlite3 is not installed beside ssm-archive. Install ssm-archive again; in a clone: npm ci.';
  if (code === 'MODULE_NOT_FOUND' && message.includes('better_sqlite3.node'))
    return `better-sqlite3 has no binary for this system (${process.platform}-${process.arch}): it comes with binaries for ${PREBUILT}. docs/install.md says how to compile one.`;
  if (code === 'ERR_DLOPEN_FAILED')
    // Removes the end of Node's message, which advises compiling the driver: the driver comes as a binary.
    return `better-sqlite3's binary can't be loaded (${message.replace(/\.? Please try .*|\.$/, '')}). It was made for another Node or another system: remove node_modules and install again, on the system that will run it.`;
  return undefined;
}
