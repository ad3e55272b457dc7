/**
 * An object that answers with its own members alone. Names that come from outside, such as a column called
 * `constructor`, are looked up in these: of any other object each would find something.
 */
export function plainRecord<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  const record = Object.create(null) as Record<string, Value>;
  for (const [name, value] of entries) record[name] = value;
  return record;
}
