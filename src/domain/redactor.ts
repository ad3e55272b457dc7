import type { Secret } from './secret.ts';

/** Knows every secret of the process and takes them out of texts that go to people, logs and records. */
export class Redactor {
  readonly #values = new Set<string>();

  /** Short values are left out: hiding every `ab` would make texts unreadable and tell more than it hides. */
  add(...secrets: readonly Secret[]): void {
    for (const secret of secrets) {
      const value = secret.reveal();
      if (value.length < 6) continue;
      this.#values.add(value);
      this.#values.add(encodeURIComponent(value));
      this.#values.add(Buffer.from(value).toString('base64').replace(/=+$/, ''));
    }
  }

  redact(text: string): string {
    let clean = text;
    for (const value of this.#values) clean = clean.replaceAll(value, '[secret]');
    return clean;
  }
}
