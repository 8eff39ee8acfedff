// The constraints of a request's members, as data. Source: AWS's API model of 2014-11-06. The members are in the order
// of the model. Several faults are reported in this order.

export type Constraint =
  | {
      readonly kind: 'string';
      readonly min?: number;
      readonly max?: number;
      readonly pattern?: RegExp;
      readonly oneOf?: readonly string[];
    }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  | {
      readonly kind: 'list';
      readonly min: number;
      readonly max: number;
      /** The name of the items' shape in AWS's model. AWS's message contains it. */
      readonly shape: string;
      readonly item: MemberConstraints;
    };

/** The members of an operation are in the order of the model. Several faults are reported in this order. */
export type MemberConstraints = Readonly<Record<string, Constraint & { readonly required?: boolean }>>;

export const COMMAND_ID = { kind: 'string', min: 36, max: 36 } as const;
export const INSTANCE_ID = { kind: 'string', pattern: /(^i-(\w{8}|\w{17})$)|(^mi-\w{17}$)/ } as const;
export const MAX_RESULTS = { kind: 'integer', min: 1, max: 50 } as const;

/**
 * ExecutionStage is in the enumeration, so both lists accept it here. `parseFilters` then refuses it for
 * ListCommandInvocations.
 */
const FILTER: MemberConstraints = {
  key: {
    kind: 'string',
    required: true,
    oneOf: ['InvokedAfter', 'InvokedBefore', 'Status', 'ExecutionStage', 'DocumentName'],
  },
  value: { kind: 'string', required: true, min: 1, max: 128 },
};
export const FILTERS = { kind: 'list', min: 1, max: 5, shape: 'CommandFilter', item: FILTER } as const;
