/** A path as a person writes it: `~` for the home folder. Anything else, such as a URL, stays as it is. */
export function shownPath(path: string, home: string | undefined): string {
  if (!home || home === '/') return path;
  if (path === home) return '~';
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
