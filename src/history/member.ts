/** The member where it is there; NULL is what the service left out. */
export function present<Name extends string, Value>(name: Name, value: Value | null): { [Key in Name]?: Value } {
  return value === null ? {} : ({ [name]: value } as { [Key in Name]: Value });
}

/** Epoch seconds, with milliseconds as a fraction, of the archive's form of a time. */
export function seconds(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso) / 1000;
}
