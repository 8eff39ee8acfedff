type Present<Members> = { [Name in keyof Members]?: Exclude<Members[Name], null> };

/** The members that are there; NULL is what the service left out. */
export function present<Members extends object>(members: Members): Present<Members> {
  const there: Present<Members> = {};
  for (const name in members) {
    const value = members[name];
    if (value !== null) there[name] = value as Exclude<Members[typeof name], null>;
  }
  return there;
}

/** Epoch seconds, with milliseconds as a fraction, of the archive's form of a time. */
export function seconds(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso) / 1000;
}
