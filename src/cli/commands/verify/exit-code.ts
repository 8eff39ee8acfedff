/** Exit codes of `verify`. Only a verdict that something from outside confirms is 0. */
export const EXIT_CODES = { intact: 0, genuine: 0, consistent: 3, 'not-intact': 1, 'not-genuine': 1 } as const;
