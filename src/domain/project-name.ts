const LONGEST = 40;

/** Words that say what kind of thing is asked for, not which one. */
const FILLER = new Set(
  `a an the my our your some this that of for to and or in on at by as is it its be with where which who whose can that's
  rest restful graphql http json web api apis backend backends back-end server service microservice app apps application
  platform system systems website site software program tool project simple small basic tiny minimal full complete modern
  new create build make design develop write generate want need give me i we please let allow allows lets helps manage
  managing management tracking track tracks store stores storing keep keeps keeping database db crud using use uses
  based online user-friendly ein eine einen einem einer der die das den dem fur mit und von un una uno el la los las de
  del para con y le les des du pour avec et um uma o os do da com e`.split(/\s+/),
);

/**
 * A project's name made from its prompt: the first words that say what it is about, [a-z0-9-], at most 40 characters.
 * `a REST API for a blog with users, posts and comments` gives `blog`; a prompt without a usable word gives `backend`.
 */
export function projectNameFrom(prompt: string): string {
  const plain = prompt
    .slice(0, 400)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  // What follows «with», a colon or the end of the sentence are the parts, not the whole.
  const [head = ''] = plain.split(/\b(?:with|that|which|where|who|including|so|mit|con|avec|com)\b|[:;.,!?(\n{]/, 1);
  const words = meaningful(head);
  const name = (words.length > 0 ? words : meaningful(plain))
    .slice(0, 3)
    .join('-')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return isProjectName(name) ? name : 'backend';
}

/** Starts with a letter, [a-z0-9-], no dash at the end, at most 40 characters. */
export function isProjectName(name: string): boolean {
  return name.length <= LONGEST && /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(name);
}

function meaningful(text: string): string[] {
  return (text.match(/[a-z][a-z0-9]*(?:'s)?/g) ?? [])
    .map((word) => word.replace(/'s$/, ''))
    .filter((word) => !FILLER.has(word));
}
