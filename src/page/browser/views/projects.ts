import type { VNode } from 'preact';
import { html } from '../html.ts';
import { Badge, Command, Shown, when } from '../parts.ts';
import { placeOf } from '../route.ts';
import { useCall } from '../use-call.ts';

interface Summary {
  readonly projectId: string;
  readonly name: string;
  readonly status: string;
  readonly url: string;
  readonly tables: readonly string[];
  readonly createdAt: number;
}

interface Listing {
  readonly data: readonly Summary[];
  readonly nextCursor?: string;
}

/** A page of projects, the newest first. */
export function Projects({ query }: { query: URLSearchParams }): VNode {
  const cursor = query.get('cursor');
  const search = new URLSearchParams({ limit: '50', ...(cursor === null ? {} : { cursor }) });
  const projects = useCall<Listing>(`/v1/projects?${search}`);
  return html`<h1>Projects</h1>
    <${Shown} answer=${projects}>
      ${({ data, nextCursor }: Listing) =>
        data.length === 0
          ? html`<p>None yet. <a class="button" href="#/">Make the first</a></p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label="Projects">
                <table>
                  <thead>
                    <tr>
                      <th>Name</th>
                      <th>State</th>
                      <th>Address</th>
                      <th>Tables</th>
                      <th>Made</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${data.map(
                      ({ projectId, name, status, url, tables, createdAt }) =>
                        html`<tr key=${projectId}>
                          <td><a href=${placeOf(['projects', name])}>${name}</a></td>
                          <td><${Badge} state=${status} /></td>
                          <td>${/^https?:/.test(url) && html`<a href=${url} rel="noreferrer">${url}</a>`}</td>
                          <td class="soft">
                            ${tables.slice(0, 6).join(', ')}${tables.length > 6 ? ` and ${tables.length - 6} more` : ''}
                          </td>
                          <td class="soft">${when(createdAt)}</td>
                        </tr>`,
                    )}
                  </tbody>
                </table>
              </div>
              <p>
                ${cursor !== null && html`<a href=${placeOf(['projects'])}>Back to the newest</a> `}
                ${nextCursor !== undefined && html`<a href=${placeOf(['projects'], { cursor: nextCursor })}>Older ones</a>`}
              </p>`}
    <//>
    <${Command} line="turbobackend list" />`;
}
