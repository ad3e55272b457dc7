import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';

// Git's own server, `git http-backend`, which is a CGI program: it serves what git servers serve.

export interface GitRequest {
  readonly method: string;
  /** `/octocat/blog.git/info/refs` */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface GitAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `root` holds the repositories by the paths under which they are asked for. */
export async function serveGit(root: string, request: GitRequest): Promise<GitAnswer> {
  const { headers } = request;
  const program = join(git('--exec-path').trim(), 'git-http-backend');
  const child = spawn(program, {
    env: {
      ...CLEAN,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: request.path,
      QUERY_STRING: request.query,
      REQUEST_METHOD: request.method,
      REMOTE_USER: 'octocat',
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: String(request.body.length),
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(request.body);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  return readCgi(Buffer.concat(chunks));
}

/** An empty repository that can be pushed to. */
export function makeBareRepository(folder: string): void {
  git('init', '--quiet', '--bare', '--initial-branch=main', folder);
  git('--git-dir', folder, 'config', 'http.receivepack', 'true');
}

/** Runs git without anybody's settings; throws when it fails. */
export function git(...gitArguments: readonly string[]): string {
  return execFileSync('git', gitArguments, { encoding: 'utf8', env: CLEAN, stdio: ['ignore', 'pipe', 'pipe'] });
}

const CLEAN = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

function readCgi(output: Buffer): GitAnswer {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, end).toString().split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.split(': ')[0] ?? '', line.split(': ')[1] ?? '']));
  const { Status: status = '200', ...others } = headers;
  return { status: Number.parseInt(status, 10), headers: others, body: output.subarray(end + 4) };
}
