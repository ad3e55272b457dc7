/** What a file says that no schema needs, and what became of it: told once for each kind. */
export class DumpNotes {
  readonly #leftOut = new Map<string, { count: number; readonly why: string }>();
  readonly #changed = new Map<string, string[]>();

  /** Something was left out: `GRANT`, and why that does no harm. */
  leaveOut(what: string, why: string): void {
    const known = this.#leftOut.get(what);
    if (known) known.count += 1;
    else this.#leftOut.set(what, { count: 1, why });
  }

  /** Something was taken in another form: `became identity columns`, and which. */
  change(how: string, which: string): void {
    this.#changed.set(how, [...(this.#changed.get(how) ?? []), which]);
  }

  lines(): readonly string[] {
    return [
      ...[...this.#changed].map(([how, which]) => `${listed([...new Set(which)])}: ${how}`),
      ...[...this.#leftOut].map(
        ([what, { count, why }]) => `Left out: ${what}${count > 1 ? ` (${count} times)` : ''}; ${why}`,
      ),
    ];
  }
}

const MOST_NAMED = 12;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 1 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ');
}
