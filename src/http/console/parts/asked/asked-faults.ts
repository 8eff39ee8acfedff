import { nearNames, proposalOf } from '../../../../lib/near-names.ts';

/** A parameter of the address that can't be read, or that the page does not have. */
export interface AskedFault {
  /** As the address has it. */
  parameter: string;
  /** As the page's form calls it, where it has a field for it. */
  label?: string | undefined;
  /** Without its subject: "must be the 12 digits of an AWS account, not …". */
  message: string;
  /** It is needed and was not given: there is no address without it. */
  isMissing?: true;
}

/** The names that a page takes from its address. */
export interface TakenNames {
  names: readonly string[];
  /** Those of them that may be given several times. */
  many?: readonly string[] | undefined;
}

/**
 * What of an address a page can't have meant: a parameter that it does not have, since to drop one would show more than was asked for, and one
 * that is given twice, since either may be meant. A field of a form that was left empty asks nothing.
 */
export function faultsOfNames(queries: Record<string, string[]>, { names, many = [] }: TakenNames): AskedFault[] {
  const twice = Object.entries(queries).filter(
    ([name, values]) =>
      names.includes(name) && !many.includes(name) && values.filter((value) => value !== '').length > 1,
  );
  return [
    ...strangersIn(queries, names),
    ...twice.map(([parameter]) => ({ parameter, message: 'is given more than once, and can be meant once only' })),
  ];
}

/** Parameters of an address that a page does not have: to drop one would show more than was asked for. */
export function strangersIn(queries: Record<string, string[]>, known: readonly string[]): AskedFault[] {
  return Object.keys(queries)
    .filter((parameter) => !known.includes(parameter))
    .map((parameter) => {
      const message = `is not a parameter of this page.${proposalOf(nearNames(parameter, known))}`;
      return { parameter, message };
    });
}
