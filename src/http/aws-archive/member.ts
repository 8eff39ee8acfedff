type Present<Members> = { [Name in keyof Members]?: Exclude<Members[Name], null> };

/** Returns only the members that are not null. In the archive, NULL means that AWS left the member out. */
export function present<Members extends object>(members: Members): Present<Members> {
  const there: Present<Members> = {};
  for (const name in members) {
    const value = members[name];
    if (value !== null) there[name] = value as Exclude<Members[typeof name], null>;
  }
  return there;
}

/** Converts a time of the archive into epoch seconds, with milliseconds as a fraction. */
export function seconds(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso) / 1000;
}
