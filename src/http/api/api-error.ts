/** One parameter that is wrong, and what was expected instead. */
export interface FieldFault {
  field: string;
  message: string;
  /** The position of the fault, if the value is a text. All numbers count from 1. */
  position?: { offset: number; line: number; column: number };
}

/** 400: the request can't be answered as it is. The error names each field that is wrong. */
export class InvalidRequest extends Error {
  override name = 'InvalidRequest';
  readonly errors: readonly FieldFault[];

  constructor(errors: readonly FieldFault[]) {
    super(errors.map(({ field, message }) => `${field} ${message}`).join('; '));
    this.errors = errors;
  }
}

/** 404: there is no such resource. The message is a sentence that names the resource. */
export class NotFound extends Error {
  override name = 'NotFound';
}

/** 422: the resource exists, but not in the requested form. The message says which form to ask for. */
export class NotInThisForm extends Error {
  override name = 'NotInThisForm';
}
