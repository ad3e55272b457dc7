import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveRef } from 'isomorphic-git';
import { ProviderError } from '../../cloud/provider-error.ts';
import { atomicFileSystem as fs } from '../atomic-file-system.ts';
import { basicCredentials, type GitRemote, judgeRefusal, type PushOutcome, type RemoteAccess } from './git-remote.ts';
import { type GitResult, runGit } from './run-git.ts';

const FETCHED = 'refs/remotes/origin/main';
// From 2.32 on git takes the files of its settings, and with 2.31 single settings, from the environment.
const OLDEST = { major: 2, minor: 32 };

/** Whether there is a git that takes the settings it is to have, and that speaks HTTP, which is a package of its own. */
export async function hasGitProgram(program: string): Promise<boolean> {
  const run = { program, cwd: tmpdir(), timeoutMs: 10_000 };
  const version = await runGit({ ...run, gitArguments: ['version'] });
  const [, major, minor] = /^git version (\d+)\.(\d+)/.exec(version.stdout) ?? [];
  if (version.exitCode !== 0 || major === undefined) return false;
  const isOld = Number(major) < OLDEST.major || (Number(major) === OLDEST.major && Number(minor) < OLDEST.minor);
  if (isOld) return false;
  const { stdout: programs } = await runGit({ ...run, gitArguments: ['--exec-path'] });
  return existsSync(join(programs.trim(), 'git-remote-https'));
}

/** Fetches and pushes by the `git` of this machine; the token is in the environment of that one process alone. */
export class ProgramRemote implements GitRemote {
  readonly #program: string;
  readonly #access: RemoteAccess;

  constructor(program: string, access: RemoteAccess) {
    this.#program = program;
    this.#access = access;
  }

  async fetchMain(gitdir: string): Promise<string | undefined> {
    const options = ['--quiet', '--depth=1', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
    const refspec = `+refs/heads/main:${FETCHED}`;
    const result = await this.#run(gitdir, ['fetch', ...options, this.#access.url, refspec]);
    if (result.exitCode === 0) return resolveRef({ fs, gitdir, ref: FETCHED });
    if (/couldn't find remote ref refs\/heads\/main/.test(result.stderr)) return undefined;
    throw this.#failure(result);
  }

  async push(gitdir: string, commit: string): Promise<PushOutcome> {
    const options = ['--porcelain', '--no-progress', '--no-verify', '--no-follow-tags'];
    const result = await this.#run(gitdir, ['push', ...options, this.#access.url, `${commit}:refs/heads/main`]);
    if (result.exitCode === 0) return { kind: 'pushed' };
    // `!<tab>from:to<tab>[remote rejected] (pre-receive hook declined)`
    const [, reason] = /^!\t[^\t]*\t\[(?:remote )?rejected\] \((.*)\)$/m.exec(result.stdout) ?? [];
    if (reason !== undefined) return judgeRefusal(reason, this.#told(linesFromOtherSide(result.stderr)));
    throw this.#failure(result);
  }

  #run(gitdir: string, gitArguments: readonly string[]): Promise<GitResult> {
    const { url, token, transferMs } = this.#access;
    return runGit({
      program: this.#program,
      gitArguments,
      cwd: gitdir,
      environment: { GIT_DIR: gitdir },
      settings: [
        [`protocol.${new URL(url).protocol.slice(0, -1)}.allow`, 'always'],
        [`http.${url}.extraHeader`, `Authorization: ${basicCredentials(token)}`],
        // One request with its length, where git would send more than a megabyte in chunks.
        ['http.postBuffer', String(32 * 1024 * 1024)],
      ],
      timeoutMs: transferMs,
    });
  }

  #failure({ timedOut, stderr }: GitResult): ProviderError {
    const status = statusOf(stderr);
    const { transferMs, url } = this.#access;
    const { host } = new URL(url);
    const words = timedOut ? `git had no end within ${transferMs} ms` : this.#told(stderr.trim());
    // Git's own words for a status are about its insides.
    const answered = [`GitHub answered ${status} to git at ${host}`, this.#told(linesFromOtherSide(stderr))];
    const message =
      status === undefined ? `GitHub cannot be reached at ${host}: ${words}` : answered.filter(Boolean).join(': ');
    return new ProviderError(message, { provider: 'GitHub', status, mayBeDone: status === undefined || status >= 500 });
  }

  #told(text: string): string {
    return this.#access.redactor.redact(text.slice(0, 2000));
  }
}

/** The HTTP status that made git give up; undefined when there was no answer. */
function statusOf(stderr: string): number | undefined {
  const [, told] = /The requested URL returned error: (\d{3})/.exec(stderr) ?? [];
  if (told !== undefined) return Number(told);
  // Git would ask somebody when it is answered 401.
  if (/Authentication failed|could not read (?:Username|Password)/.test(stderr)) return 401;
  if (/repository '.*' not found/.test(stderr)) return 404;
  return /redirect/i.test(stderr) ? 302 : undefined;
}

/** What GitHub itself has to say, without the mark that git puts before it. */
function linesFromOtherSide(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.startsWith('remote:'));
  return lines.map((line) => line.slice('remote: '.length).trimEnd()).join('\n');
}
