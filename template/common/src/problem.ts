import { STATUS_CODES } from 'node:http';

/** What is wrong with one part of a request. */
export interface Complaint {
  /** Where in the body, as a JSON pointer. */
  readonly pointer?: string;
  /** Which parameter of the URL. */
  readonly parameter?: string;
  readonly detail: string;
}

/** A field's name as a part of a JSON pointer. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** An error that the client may see, answered as RFC 9457 has it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly errors: readonly Complaint[];

  constructor(status: number, detail: string, errors: readonly Complaint[] = [], cause?: unknown) {
    super(detail, { cause });
    this.status = status;
    this.errors = errors;
  }

  toJSON(): object {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...(this.errors.length > 0 ? { errors: this.errors } : {}),
    };
  }
}
