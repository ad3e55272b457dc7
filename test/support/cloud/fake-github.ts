import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultList } from './fault-list.ts';
import {
  type Answer,
  type FakeGitHubOptions,
  type FakeRepository,
  GIT_PATH,
  GitHubRepositories,
  type GitHubRequest,
  jsonOf,
  LOGIN,
} from './github-repositories.ts';
import { openDescription } from './vendor-description.ts';

/** Repositories that really are some: GitHub's REST interface and git's own server on one port of loopback. */
export interface FakeGitHub {
  readonly url: string;
  readonly login: string;
  readonly repositories: readonly FakeRepository[];
  readonly requests: readonly GitHubRequest[];
  readonly faults: FaultList;
  /** What of the requests GitHub's own description does not allow; empty without it. */
  readonly violations: readonly string[];
  /** Makes a repository behind everybody's back. */
  place(name: string, description?: string): FakeRepository;
  /** Lets a repository take no push, with these lines of explanation. */
  decline(repository: FakeRepository, lines: readonly string[]): void;
  rename(repository: FakeRepository, name: string): void;
  stop(): Promise<void>;
}

// Not in the cut of the description that the tests are given.
const NOT_DESCRIBED = /^GET (?:\/user\/repos|\/orgs\/[^/]+\/repos|\/repositories\/\d+|\/repos\/[^/]+\/[^/]+\/commits)$/;
export async function startFakeGitHub(options: FakeGitHubOptions): Promise<FakeGitHub> {
  const description = await openDescription('github.subset.json');
  const github = new GitHubRepositories(options);
  const requests: GitHubRequest[] = [];
  const faults = new FaultList();
  const server = createServer((message, response) => {
    void readRequest(message).then((request) => {
      requests.push(request);
      if (!GIT_PATH.test(request.path) && !NOT_DESCRIBED.test(`${request.method} ${request.path}`)) {
        const query = Object.fromEntries(new URLSearchParams(request.query));
        description?.checkRequest({ ...request, query, body: jsonOf(request) });
      }
      return answerFaulty(faults, request, response, () => github.answer(request));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  github.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: github.url,
    login: LOGIN,
    repositories: github.all,
    requests,
    faults,
    violations: description?.violations ?? [],
    place: (name, text) => github.add(LOGIN, { name, description: text ?? null, private: true }),
    decline: ({ folder }, lines) => {
      const hook = `#!/bin/sh\ncat >/dev/null\ncat >&2 <<'END'\n${lines.join('\n')}\nEND\nexit 1\n`;
      writeFileSync(join(folder, 'hooks', 'pre-receive'), hook, { mode: 0o755 });
    },
    rename: (repository, name) => void (repository.name = name),
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(github.root, { recursive: true, force: true });
    },
  };
}

async function answerFaulty(
  faults: FaultList,
  request: GitHubRequest,
  response: ServerResponse,
  answer: () => Promise<Answer>,
): Promise<void> {
  const fault = faults.take(request.method, request.path);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
  if (response.destroyed) return;
  const isReplaced = fault?.status !== undefined || fault?.reset === true || fault?.after === true;
  const done = isReplaced && fault.after !== true ? undefined : await answer();
  if (isReplaced && fault.status === undefined) return void response.destroy();
  const { status, headers, body } = isReplaced
    ? { status: fault.status ?? 500, headers: fault.headers, body: fault.body }
    : (done ?? { status: 500 });
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const type = isRaw ? 'text/plain' : 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...lowerCased(headers) });
  response.end(isRaw || body === undefined ? body : JSON.stringify(body));
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function readRequest(message: IncomingMessage): Promise<GitHubRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { pathname, search } = new URL(message.url ?? '/', 'http://localhost');
  const { method = 'GET', headers } = message;
  return { method, path: pathname, query: search.slice(1), headers, body: Buffer.concat(chunks) };
}
