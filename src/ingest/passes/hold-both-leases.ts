import { type HeldLease, type HoldDeps, holdLease } from './hold-lease.ts';

/**
 * Takes the leases on sealing and on collecting, for pruning: sealing must not remove the same rows, and a pass must
 * not write while rows are pruned. Throws PassRunning or SealRunning like holdLease.
 */
export async function holdBothLeases(deps: Omit<HoldDeps, 'name'>): Promise<Pick<HeldLease, 'renew' | 'release'>> {
  const seal = await holdLease({ ...deps, name: 'seal' });
  try {
    const collect = await holdLease(deps);
    return {
      renew(nowMs) {
        collect.renew(nowMs);
        seal.renew(nowMs);
      },
      release() {
        collect.release();
        seal.release();
      },
    };
  } catch (error) {
    seal.release();
    throw error;
  }
}
