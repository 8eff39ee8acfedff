import { existsSync } from 'node:fs';
import { DEBOOTSTRAP } from './base-root.ts';

/** Why no container can be run here. With CI=true this is undefined, and the tests fail. */
export const MISSING = process.env.CI ? undefined : whatIsMissing();

function whatIsMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  if (!existsSync(DEBOOTSTRAP)) return `needs ${DEBOOTSTRAP}: apt-get install debootstrap`;
  return undefined;
}
