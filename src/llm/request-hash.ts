import { createHash } from 'node:crypto';
import type { ModelMessage, ModelRequest } from './model-call.ts';

/** What the model is asked, and by which means; not how long it may take or write. */
export function requestHash({ system, messages, tools = [], shape }: ModelRequest): string {
  return hash([system, messages, tools, shape ?? null]);
}

/**
 * The same for requests that differ only in what differs from one run to the next: numbers in the texts (durations,
 * ports, ids) and what tools answered.
 */
export function looseHash({ system, messages, tools = [] }: ModelRequest): string {
  return hash([withoutNumbers(system), messages.map(withoutChance), tools.map((tool) => tool.name)]);
}

function withoutChance(message: ModelMessage): unknown {
  switch (message.role) {
    case 'user':
      return withoutNumbers(message.text);
    case 'assistant':
      return message.parts.map((part) => (part.type === 'tool-call' ? [part.name, part.input] : part.text));
    case 'tool':
      return message.results.map((result) => result.name);
  }
}

function withoutNumbers(text: string): string {
  return text.replace(/\b[0-9a-f]{8,}\b|\d+/gi, '#');
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
