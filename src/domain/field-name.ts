/** What the API calls a column: its name, but for the one that reads and writes an object's prototype. */
export function fieldName(column: string): string {
  return column === '__proto__' ? 'proto' : column;
}
