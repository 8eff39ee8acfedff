/** One parameter that is wrong, and what was expected of it. */
export interface FieldFault {
  field: string;
  message: string;
  /** Where in a text that is the field's value, all from 1. */
  position?: { offset: number; line: number; column: number };
}

/** The request can't be answered as it is: 400, with each field that is wrong. */
export class InvalidRequest extends Error {
  override name = 'InvalidRequest';
  readonly errors: readonly FieldFault[];

  constructor(errors: readonly FieldFault[]) {
    super(errors.map(({ field, message }) => `${field} ${message}`).join('; '));
    this.errors = errors;
  }
}

/** There is no such resource: 404. The message is a sentence that says what was looked for. */
export class NotFound extends Error {
  override name = 'NotFound';
}

/** It is there, and can't be answered in the form that was asked: 422. The message says in which it can. */
export class NotInThisForm extends Error {
  override name = 'NotInThisForm';
}
