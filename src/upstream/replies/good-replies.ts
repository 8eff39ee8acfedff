/**
 * The array that a listing's reply must have, by operation. A reply with status 200 that lacks it is not an empty
 * listing.
 */
export const LISTS = { ListCommandInvocations: 'CommandInvocations', ListCommands: 'Commands' } as const;

export type ListOperation = keyof typeof LISTS;

/** The elements that a reply of STS must have in its XML, and their form. docs/decisions/0033 has all replies. */
export const STS_ELEMENTS = {
  GetCallerIdentity: { Account: { form: /^\d{12}$/, what: 'an account of 12 digits' } },
  AssumeRole: {
    AccessKeyId: { form: /^\S+$/, what: 'an access key' },
    SecretAccessKey: { form: /^\S+$/, what: 'a secret key' },
    SessionToken: { form: /^\S+$/, what: 'a session token' },
  },
} as const;

export type StsOperation = keyof typeof STS_ELEMENTS;
