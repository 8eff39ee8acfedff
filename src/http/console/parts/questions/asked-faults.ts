import { nearNames, proposalOf } from '../../../../lib/words/near-names.ts';

/** A parameter of the address that can't be read, or that the page does not have. */
export interface AskedFault {
  /** The name of the parameter in the address. */
  parameter: string;
  /** The label of the parameter in the page's form, if the form has a field for it. */
  label?: string | undefined;
  /** The message without its subject: "must be the 12 digits of an AWS account, not …". */
  message: string;
  /** Set if the parameter is needed but was not given. There is then no link to the address without it. */
  isMissing?: true;
}

/** The parameters that a page allows in its address. */
export interface TakenNames {
  names: readonly string[];
  /** The names that may be given several times. */
  many?: readonly string[] | undefined;
}

/**
 * Returns the parameters of an address that a page can't use. Some are parameters that the page does not have: if it
 * ignored one, it would show more than was asked for. Others are given twice: nobody knows which value is meant. An
 * empty form field is no fault.
 */
export function faultsOfNames(queries: Record<string, string[]>, { names, many = [] }: TakenNames): AskedFault[] {
  const twice = Object.entries(queries).filter(
    ([name, values]) =>
      names.includes(name) && !many.includes(name) && values.filter((value) => value !== '').length > 1,
  );
  return [
    ...strangersIn(queries, names),
    ...twice.map(([parameter]) => ({
      parameter,
      message: 'is given more than once, but this page allows it only once',
    })),
  ];
}

/**
 * Returns the parameters of an address that a page does not have. If the page ignored one, it would show more than was
 * asked for.
 */
function strangersIn(queries: Record<string, string[]>, known: readonly string[]): AskedFault[] {
  return Object.keys(queries)
    .filter((parameter) => !known.includes(parameter))
    .map((parameter) => {
      const message = `is not a parameter of this page.${proposalOf(nearNames(parameter, known))}`;
      return { parameter, message };
    });
}
