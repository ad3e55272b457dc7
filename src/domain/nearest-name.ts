/**
 * The name that somebody may have meant by a word that is none of them: the one with the fewest letters to add, drop,
 * change or swap, at most one in a short name and two in a longer one. Undefined when no name is that near.
 */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const asked = word.toLowerCase();
  const near = names
    .map((name) => ({ name, distance: editDistance(asked, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= mostTypos(name))
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.name;
}

/** Of two letters nothing is left when one of them is wrong. */
function mostTypos(name: string): number {
  if (name.length < 3) return 0;
  return name.length > 5 ? 2 : 1;
}

/** Letters to add, drop, change or swap with their neighbour to make one word the other. */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= from.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = from[i - 1] === to[j - 1] ? 0 : 1;
      const swaps = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      rows[i]?.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + change,
          swaps ? at(i - 2, j - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
