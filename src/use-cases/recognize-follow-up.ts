/** A prompt that asks to change what is there instead of making something new. */
export interface FollowUp {
  /** The project that it names, when it names one. */
  readonly project: string | undefined;
}

/**
 * Whether a prompt, read as a person would, changes an existing backend: «add likes to posts in blog», «rename …»,
 * «blog: …», or a project's name and nothing else. `projects`: the names of the owner's projects. A sentence that says
 * what a whole backend is for is none, whatever it mentions: «a blog where users add comments to posts».
 */
export function recognizeFollowUp(prompt: string, projects: readonly string[]): FollowUp | undefined {
  const text = withoutCourtesy(normalize(prompt));
  const project = projects.find((name) => isAddressed(text, name.toLowerCase()));
  if (project !== undefined) return { project };
  return CHANGES.some((pattern) => pattern.test(text)) ? { project: undefined } : undefined;
}

function normalize(prompt: string): string {
  return prompt
    .toLowerCase()
    .replaceAll(/["'`«»“”‘’]/g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s.!?]+$/, '')
    .trim();
}

const COURTESIES =
  /^(?:(?:please|pls|kindly|now|next|then|also|and|ok|okay|hey|hi|hello|just|so|lets|let us|go ahead and|help me(?: to)?|(?:can|could|would|will) you|(?:i|we) (?:want|need|would like|wish)(?: you)? to|(?:i|we)d like(?: you)? to)[,:]? )+/;

function withoutCourtesy(text: string): string {
  return text.replace(COURTESIES, '');
}

/** A whole of its own: what is asked for is a new one. */
const WHOLE =
  '(?:rest |graphql |web |http |json |crud |public |private |simple |small |new |mobile |full |complete )*(?:apis?|backends?|apps?|applications?|services?|systems?|platforms?|servers?|micro-?services?|products?|sites?|websites?|projects?)';

/** A part of one. */
const PART =
  '(?:tables?|columns?|fields?|attributes?|propert(?:y|ies)|endpoints?|routes?|relations?|relationships?|indexe?s?|foreign keys?|constraints?|flags?|enums?|entit(?:y|ies)|resources?|models?|filters?|pagination|sorting|timestamps?|validations?)';

const THE = '(?:the |my |our |this |that |these |those |its |their |all |every |each )';
const REST = '(?:[^.;!?\\n]*)';

/** Sentences that begin like this have something in mind that is there already, whether or not its name is known. */
const CHANGES: readonly RegExp[] = [
  `add (?!(?:an? |the )?${WHOLE}\\b)`,
  `add ${REST} (?:to|in|into|on) ${THE}`,
  `(?:append|attach|introduce|insert) ${REST} (?:to|in|into|on) `,
  'rename ',
  `(?:remove|delete|drop) ${REST} from (?!an? )`,
  `(?:remove|delete|drop|alter|undo|revert|extend) ${THE}(?!${REST} (?:of|from) an? )`,
  '(?:remove|delete|drop) [\\w-]+s$',
  `(?:remove|delete|drop|alter|index) (?:an? )?(?:[\\w.-]+ ){0,2}${PART}\\b`,
  `(?:change|switch|move|rewrite) ${THE}`,
  `(?:change|switch) (?!${REST}\\b${WHOLE}\\b)(?!management |requests? |control )${REST} (?:to|into|from) `,
  `move ${REST} from ${REST} to `,
  `(?:modify|alter|update|edit|set|make|mark|split|merge|replace) (?:the |a |an )?(?:[\\w.-]+ ){0,3}${PART}\\b`,
  `(?:update|modify|edit|fix|improve|refactor|upgrade) ${THE}`,
  `make (?!an? )(?:[\\w.-]+ ){1,5}(?:unique|optional|required|mandatory|nullable|not null|searchable|sortable|read-?only)\\b`,
  `(?:in|on|for|to|extend|modify|update|edit|improve|continue) ${THE}?(?:existing|current|previous|last|same) `,
].map((pattern) => new RegExp(`^${pattern}`));

/** What one does to a thing that is there. */
const STRONG =
  '(?:add|alter|append|attach|change|delete|drop|edit|extend|fix|insert|modify|redeploy|refactor|remove|rename|restart|revert|undo|update|upgrade)';

/** What one may do to a thing that is there, or say of one that is to be made. */
const WEAK =
  '(?:allow|create|deploy|disable|enable|expose|give|implement|improve|include|index|introduce|let|make|mark|merge|move|put|replace|set|split|start|stop|support|switch|turn|write)';

/** Whether the text speaks to the project or of changing it. With an article before it, its name is a common noun. */
function isAddressed(text: string, name: string): boolean {
  if (text === name) return true;
  if (new RegExp(`\\b(?:an?|another|any|each|every|new|some) ${escape(name)}\\b`).test(text)) return false;
  const own = `(?:the |my |our )?(?:project |backend |api |app )?${escape(name)}(?![\\w-])(?: project| backend| api| app| database)?`;
  return [
    `^${STRONG} (?:[^\\s.;]+ ){0,12}${own}`,
    `^${WEAK} ${own}`,
    `^${WEAK} (?!an? (?:[\\w-]+ ){0,4}${WHOLE}\\b)${REST} (?:in|into|inside|on|to|of|from|for) ${own}$`,
    `^${own}(?:[:,] ?| - )(?:please |now |also )?(?:${STRONG}|${WEAK})\\b`,
    `^${own} (?:should|shall|must|needs?|has to|have to|ought)\\b`,
    `^(?:in|for|to|on|inside|within|at|with) ${own}(?:[:,] ?| )(?:please |now |also )?(?:${STRONG}|${WEAK}|i|we|users|there)\\b`,
    `^(?!an? )(?!${REST}\\b${WHOLE}\\b)${REST} (?:in|into|inside|within|to) ${own}$`,
  ].some((pattern) => new RegExp(pattern).test(text));
}

function escape(name: string): string {
  return name.replaceAll(/[^\w-]/g, String.raw`\$&`);
}
