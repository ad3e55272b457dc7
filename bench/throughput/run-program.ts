import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Runs a program to its end; resolves to what it printed. Rejects when it fails or is aborted, which kills it. */
export async function runProgram(
  command: readonly [string, ...string[]],
  options: {
    readonly signal: AbortSignal;
    readonly input?: string;
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<string> {
  const [program, ...programArguments] = command;
  const child = spawn(program, programArguments, {
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: options.signal,
    killSignal: 'SIGKILL',
  });
  const exitCode = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  child.stdin.end(options.input ?? '');
  const [code, output, complaints] = await Promise.all([exitCode, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaints.slice(-2000)}`);
  return output;
}
