/**
 * The text of `.env`, a line for each variable, so that Docker's `--env-file` takes it, too; the ends of lines in a value
 * are written as `\n`, which Node and dotenv turn back. Only a comment without variables, as the file has to be there.
 */
export function environmentFile(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}\n`);
  return lines.join('') || '# This backend keeps no data and needs no settings.\n';
}

function quoted(value: string): string {
  if (value.includes('\n')) return `"${value.replaceAll('\n', '\\n')}"`;
  // There is a kind of quotes for everything but all of them at once, which no value of ours holds.
  const quote = ["'", '"', '`'].find((candidate) => !value.includes(candidate)) ?? "'";
  return /^[^\s"'`#\\]*$/.test(value) ? value : `${quote}${value}${quote}`;
}
