/** The array that a listing must have, by its operation: a reply with status 200 and without it is no empty listing. */
export const LISTS = { ListCommandInvocations: 'CommandInvocations', ListCommands: 'Commands' } as const;

export type ListOperation = keyof typeof LISTS;

/** The elements that the XML of a reply of STS must have, and their form. docs/decisions/0033 has all replies. */
export const STS_ELEMENTS = {
  GetCallerIdentity: { Account: { form: /^\d{12}$/, what: 'an account of 12 digits' } },
  AssumeRole: {
    AccessKeyId: { form: /^\S+$/, what: 'an access key' },
    SecretAccessKey: { form: /^\S+$/, what: 'a secret key' },
    SessionToken: { form: /^\S+$/, what: 'a session token' },
  },
} as const;

export type StsOperation = keyof typeof STS_ELEMENTS;
