import type { AssistantMessage, ModelMessage, ToolResult } from '../../llm/language-model.ts';

/** How many of the latest turns keep their tools' results when the others have to go. */
const KEPT_TURNS = 3;
const LEFT_OUT = '(left out, as the conversation has become too long; ask again if it is needed)';

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
  }

  addResults(results: readonly ToolResult[]): void {
    this.#messages.push({ role: 'tool', results });
  }

  addRemark(text: string): void {
    this.#messages.push({ role: 'user', text });
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
