import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { constants } from 'node:os';

/**
 * Runs a command in a network of its own and leads the loopback port there to a socket of the file system, since package
 * managers reach their proxy by TCP only. Arguments: the socket, the port, the command.
 */
async function relay([socketPath = '', port = '', program = '', ...rest]: readonly string[]): Promise<void> {
  const server = createServer((client) => join(client, connect(socketPath)));
  await once(server.listen(Number(port), '127.0.0.1'), 'listening');
  const child = spawn(program, rest, { stdio: 'inherit' });
  child.once('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(`${program}: ${error.message}\n`);
    process.exit(error.code === 'ENOENT' ? 127 : 126);
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
}

function join(client: Socket, upstream: Socket): void {
  client.pipe(upstream).pipe(client);
  for (const socket of [client, upstream]) {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      client.destroy();
      upstream.destroy();
    });
  }
}

await relay(process.argv.slice(2));
