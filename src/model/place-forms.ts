/** The form of an AWS account. `expected` is worded to come after "must be". The first digit may be 0. */
export const ACCOUNT = { form: /^\d{12}$/, expected: 'the 12 digits of an AWS account' } as const;

/** The form of an AWS region. It is no list, because AWS adds regions each year. */
export const REGION = {
  form: /^[a-z]{2,}(-[a-z]+){1,3}-\d{1,2}$/,
  expected: 'an AWS region such as eu-west-1',
} as const;
