import { nearNames, proposalOf } from '../../../../lib/words/near-names.ts';

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
 * The parameters of an address that a page can't use: one that it does not have, since dropping it would show more than was asked for, and
 * one that is given twice, since either value may be meant. A field of a form that was left empty asks nothing.
 */
export function faultsOfNames(queries: Record<string, string[]>, { names, many = [] }: TakenNames): AskedFault[] {
  const twice = Object.entries(queries).filter(
    ([name, values]) =>
      names.includes(name) && !many.includes(name) && values.filter((value) => value !== '').length > 1,
  );
  return [
    ...strangersIn(queries, names),
    ...twice.map(([parameter]) => ({ parameter, message: 'is given more than once, and this page takes it once' })),
  ];
}

/** Parameters of an address that a page does not have: dropping one would show more than was asked for. */
export function strangersIn(queries: Record<string, string[]>, known: readonly string[]): AskedFault[] {
  return Object.keys(queries)
    .filter((parameter) => !known.includes(parameter))
    .map((parameter) => {
      const message = `is not a parameter of this page.${proposalOf(nearNames(parameter, known))}`;
      return { parameter, message };
    });
}
