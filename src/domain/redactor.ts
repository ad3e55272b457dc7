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
      // As it stands in JSON and in what programs print of it: a private key has ends of lines.
      this.#values.add(JSON.stringify(value).slice(1, -1));
      // A log is read line by line. What begins and ends a key is the same in all of them.
      const lines = value.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----'));
      for (const line of lines) this.#values.add(line);
      this.#values.add(Buffer.from(value).toString('base64').replace(/=+$/, ''));
    }
  }

  redact(text: string): string {
    let clean = text;
    for (const value of this.#values) clean = clean.replaceAll(value, '[secret]');
    return clean;
  }
}
