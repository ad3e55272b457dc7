import type { VNode } from 'preact';
import { html } from '../html.ts';
import { Command, Shown } from '../parts.ts';
import { placeOf } from '../route.ts';
import { useCall } from '../use-call.ts';
import type { TabProps } from './project-details.ts';

interface Folder {
  readonly files: readonly string[];
}

interface File {
  readonly path: string;
  readonly content: string;
  readonly totalLines: number;
}

/** The source as it lies in the project. */
export function Code({ project, path }: TabProps): VNode {
  const base = `/v1/projects/${encodeURIComponent(project.name)}/files`;
  const chosen = path.join('/');
  const tree = useCall<Folder>(base);
  const file = useCall<File>(chosen === '' ? undefined : `${base}?path=${encodeURIComponent(chosen)}`);
  return html`<div class="beside">
      <${Shown} answer=${tree}>
        ${({ files }: Folder) =>
          html`<nav class="files" aria-label="Files">
            <ul>
              ${files.map((name) => html`<li><a href=${placeOf(['projects', project.name, 'code', ...name.split('/')])} aria-current=${name === chosen ? 'page' : undefined}>${name}</a></li>`)}
            </ul>
          </nav>`}
      <//>
      <div>
        ${
          chosen === ''
            ? html`<p class="soft">Choose a file. README.md and AGENTS.md tell how it is built.</p>`
            : html`<${Shown} answer=${file}
                >${({ content, totalLines }: File) =>
                  html`<h2><code>${chosen}</code> <span class="soft">${totalLines} lines</span></h2>
                    <pre class="source" tabindex="0">${content}</pre>`}<//
              >`
        }
      </div>
    </div>
    <${Command} line=${`turbobackend export ${project.name}`} />`;
}
