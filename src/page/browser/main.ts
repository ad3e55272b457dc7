import { render, type VNode } from 'preact';
import { useState } from 'preact/hooks';
import { hasKey, keepKey } from './api.ts';
import { html } from './html.ts';
import { Shown } from './parts.ts';
import { placeOf, useRoute, type Route } from './route.ts';
import { useCall } from './use-call.ts';
import { Make } from './views/make.ts';
import { Project } from './views/project.ts';
import { Projects } from './views/projects.ts';
import { RunView } from './views/run.ts';
import { SignIn } from './views/sign-in.ts';
import { Team } from './views/team.ts';

function App(): VNode {
  const route = useRoute();
  const [round, setRound] = useState(0);
  // Whoever may ask for this may ask for all else that is theirs.
  const usage = useCall<object>(`/v1/usage?days=${30 + (round % 2)}`);
  if (usage.problem?.status === 401) return html`<${SignIn} isWrong=${hasKey()} onKey=${() => setRound(round + 1)} />`;
  const signOut = (): void => {
    keepKey('');
    setRound(round + 1);
  };
  return html`
    <header class="top">
      <a class="name" href="#/">TurboBackend</a>
      <nav aria-label="Main">
        <a href="#/" aria-current=${route.path.length === 0 ? 'page' : undefined}>Make</a>
        <a href="#/projects" aria-current=${route.path[0] === 'projects' ? 'page' : undefined}>Projects</a>
        <a href="#/team" aria-current=${route.path[0] === 'team' ? 'page' : undefined}>Keys and usage</a>
        <a href="/docs">API</a>
      </nav>
      ${hasKey() && html`<button type="button" class="quiet" onClick=${signOut}>Sign out</button>`}
    </header>
    <main>
      <${Shown} answer=${usage}>${() => viewOf(route)}<//>
    </main>
  `;
}

function viewOf({ path, query }: Route): VNode {
  const [place, name, ...rest] = path;
  if (place === undefined) return html`<${Make} />`;
  if (place === 'projects' && name === undefined) return html`<${Projects} query=${query} />`;
  if (place === 'projects') return html`<${Project} key=${name} name=${name} path=${rest} query=${query} />`;
  if (place === 'runs' && name !== undefined) return html`<${RunView} key=${name} runId=${name} />`;
  if (place === 'team') return html`<${Team} />`;
  return html`<p>There is nothing here. <a href=${placeOf([])}>Make a backend</a></p>`;
}

const root = document.querySelector('#page');
if (root) {
  root.replaceChildren();
  render(html`<${App} />`, root);
}
