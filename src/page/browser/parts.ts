import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from './api.ts';
import { html } from './html.ts';
import type { Answer } from './use-call.ts';

// Small things that every view is made of.

/** What went wrong, with what to do about it. */
export function Trouble({ problem }: { problem: Problem | undefined }): VNode | null {
  if (!problem) return null;
  return html`<div class="trouble" role="alert">
    <p>${problem.message}</p>
    ${problem.fix !== '' && html`<p class="fix">${problem.fix}</p>`}
  </div>`;
}

/** An answer's value when it is there; until then that it is on its way, or why it will not come. */
export function Shown<T>({
  answer,
  children,
}: {
  answer: Answer<T>;
  children: (value: T) => ComponentChildren;
}): VNode {
  if (answer.problem) return html`<${Trouble} problem=${answer.problem} />`;
  if (answer.value === undefined) return html`<div class="skeleton" role="status" aria-label="Loading"></div>`;
  return html`${children(answer.value)}`;
}

const MARKS: Readonly<Record<string, string>> = {
  running: '●',
  succeeded: '✓',
  passed: '✓',
  ok: '✓',
  failed: '✗',
  dead: '✗',
  warned: '!',
  'loses-data': '!',
};

/** A state in a word, told apart by more than its colour. */
export function Badge({ state }: { state: string }): VNode {
  return html`<span class=${`badge ${state}`}>${MARKS[state] ?? '○'} ${state}</span>`;
}

/** The command line that does the same. */
export function Command({ line }: { line: string }): VNode {
  return html`<p class="command"><span class="hint">The same in a terminal</span><${Copied} text=${line} /></p>`;
}

/** Text to take along. */
export function Copied({ text }: { text: string }): VNode {
  const [isDone, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return html`<span class="copied">
    <code>${text}</code>
    <button type="button" class="quiet" onClick=${() => void copy()} aria-label=${`Copy ${text}`}>
      ${isDone ? 'Copied' : 'Copy'}
    </button>
  </span>`;
}

export function when(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

export function duration(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A text as one argument of a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The request to a backend as a person sends it from a terminal. */
export function curlLine(
  url: string,
  { method, path, token }: { readonly method: string; readonly path: string; readonly token: string },
  body?: string,
): string {
  return [
    'curl',
    ...(method === 'GET' ? [] : ['-X', method]),
    quoted(url + path),
    ...(token === '' ? [] : ['-H', quoted(`authorization: Bearer ${token}`)]),
    ...(body === undefined ? [] : ['-H', quoted('content-type: application/json'), '-d', quoted(body)]),
  ].join(' ');
}
