import type { Json } from '../../../llm/language-model.ts';

/** What a model has written into a tool call: anything at all. */
export class ToolInput {
  readonly #given: { readonly [key: string]: Json };

  constructor(given: { readonly [key: string]: Json }) {
    this.#given = given;
  }

  /** Throws `InvalidInput` when it is missing. */
  text(name: string): string {
    const value = this.#given[name];
    if (typeof value === 'string' && value.isWellFormed() && !value.includes('\0')) return value;
    throw new InvalidInput(`${name} has to be a text`);
  }

  optionalText(name: string): string | undefined {
    return this.#given[name] === undefined || this.#given[name] === null ? undefined : this.text(name);
  }

  optionalNumber(name: string): number | undefined {
    const value = Number(this.#given[name] ?? Number.NaN);
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  }

  value(name: string): Json | undefined {
    return this.#given[name];
  }
}

/** The model gets to read it. */
export class InvalidInput extends Error {}
