import type { AssistantMessage, ModelMessage, ToolResult } from '../../llm/language-model.ts';

/** How many of the latest turns keep their tools' results when the others have to go. */
const KEPT_TURNS = 3;
const LEFT_OUT = '(left out, as the conversation has become too long; ask again if it is needed)';

/** How many characters may be said before what lies further back is shortened: a whole run is sent again in every turn. */
const LONG_CHARACTERS = 16_000;
/** These many of the latest turns stay as they were said. */
const WHOLE_TURNS = 2;
/** What is left of a result or of a text that was written, for each. */
const KEPT_CHARACTERS = 240;

/** What was said until now, made of what each turn added. */
export class Conversation {
  readonly #messages: ModelMessage[];

  constructor(request: string) {
    this.#messages = [{ role: 'user', text: request }];
  }

  /** Each is a message of its own, so that a longer conversation begins with the shorter one. */
  get messages(): readonly ModelMessage[] {
    return [...this.#messages];
  }

  addAnswer(message: AssistantMessage): void {
    this.#messages.push(message);
    this.#shorten();
  }

  addResults(results: readonly ToolResult[]): void {
    this.#messages.push({ role: 'tool', results });
  }

  addRemark(text: string): void {
    this.#messages.push({ role: 'user', text });
  }

  /**
   * Shortens what the turns before the last few have brought and written, all at once and only when it has become long:
   * what was said before stays the same from turn to turn, and can be served from a provider's cache.
   */
  #shorten(): void {
    const answers = [...this.#messages.keys()].filter((index) => this.#messages[index]?.role === 'assistant');
    const end = answers.at(-WHOLE_TURNS - 1);
    if (end === undefined || JSON.stringify(this.#messages.slice(0, end + 1)).length < LONG_CHARACTERS) return;
    for (let index = 1; index <= end + 1 && index < this.#messages.length; index += 1) {
      const message = this.#messages[index];
      if (message) this.#messages[index] = shortened(message);
    }
  }

  /** Lets go of what the oldest tool calls brought. False when there is nothing left to let go of. */
  prune(): boolean {
    const places = [...this.#messages.keys()].filter((index) => this.#messages[index]?.role === 'tool');
    let pruned = false;
    for (const index of places.slice(0, -KEPT_TURNS)) {
      const message = this.#messages[index];
      if (message?.role !== 'tool' || message.results.every(({ output }) => output === LEFT_OUT)) continue;
      this.#messages[index] = { role: 'tool', results: message.results.map((one) => ({ ...one, output: LEFT_OUT })) };
      pruned = true;
    }
    return pruned;
  }
}

function shortened(message: ModelMessage): ModelMessage {
  if (message.role === 'user') return message;
  if (message.role === 'tool') {
    return { role: 'tool', results: message.results.map((one) => ({ ...one, output: cut(one.output) })) };
  }
  return { role: 'assistant', parts: message.parts.map(shortenedPart) };
}

function shortenedPart(part: AssistantMessage['parts'][number]): AssistantMessage['parts'][number] {
  if (part.type !== 'tool-call' || part.input === undefined) return part;
  const input = Object.entries(part.input).map(([name, value]) => [
    name,
    typeof value === 'string' ? cut(value) : value,
  ]);
  return { ...part, input: Object.fromEntries(input) };
}

function cut(text: string): string {
  if (text.length <= 2 * KEPT_CHARACTERS) return text;
  return `${text.slice(0, KEPT_CHARACTERS).toWellFormed()}… (${text.length} characters; shortened as it lies turns back)`;
}
