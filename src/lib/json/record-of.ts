/** Returns a record with a value for each of the names. */
export function recordOf<Name extends string, Value>(
  names: readonly Name[],
  valueFor: (name: Name) => Value,
): Record<Name, Value> {
  const record: Partial<Record<Name, Value>> = {};
  for (const name of names) record[name] = valueFor(name);
  if (!isWhole(record, names)) throw new Error('A name has no value.');
  return record;
}

function isWhole<Name extends string, Value>(
  record: Partial<Record<Name, Value>>,
  names: readonly Name[],
): record is Record<Name, Value> {
  return names.every((name) => name in record);
}
