import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { keepKey } from '../api.ts';
import { html } from '../html.ts';
import { Copied } from '../parts.ts';

interface SignInProps {
  /** Whether a key was given that is not valid. */
  readonly isWrong: boolean;
  readonly onKey: () => void;
}

/** A service for several people asks for a key; it is kept for this tab alone. */
export function SignIn({ isWrong, onKey }: SignInProps): VNode {
  const [key, setKey] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    keepKey(key.trim());
    onKey();
  };
  return html`<main class="sign-in">
    <h1>Sign in</h1>
    <p>This service needs an API key. It stays in this tab, and is forgotten with it.</p>
    <form onSubmit=${submit}>
      <label for="key">API key</label>
      <input
        id="key"
        type="password"
        autocomplete="off"
        required
        value=${key}
        aria-describedby=${isWrong ? 'wrong' : undefined}
        onInput=${(event: InputEvent) => setKey((event.currentTarget as HTMLInputElement).value)}
      />
      ${isWrong && html`<p id="wrong" class="trouble" role="alert">The key is not valid, or not any more.</p>`}
      <button class="main">Sign in</button>
    </form>
    <p class="hint">Whoever runs the service makes one: <${Copied} text="turbobackend keys create --scope write" /></p>
  </main>`;
}
