/** Exit codes of `verify`. The code is 0 only if a key or checkpoint from outside confirms the verdict. */
export const EXIT_CODES = { intact: 0, genuine: 0, consistent: 3, 'not-intact': 1, 'not-genuine': 1 } as const;
