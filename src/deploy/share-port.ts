// Loaded into a deployed server before its own code: it listens so that the next release can listen beside it on the
// same port, and take over without a moment at which nobody answers. Only processes of the same user can do so.
import { Server } from 'node:net';

const listen = Reflect.get(Server.prototype, 'listen') as (...settings: unknown[]) => Server;

Server.prototype.listen = function listenBeside(this: Server, ...settings: unknown[]): Server {
  return listen.apply(this, sharing(settings));
};

/** The arguments of `listen` as options that share the port; anything but a port of a host stays as it is. */
function sharing(settings: unknown[]): unknown[] {
  const [first, ...rest] = settings;
  if (isPort(first)) {
    const host = rest.find((setting) => typeof setting === 'string');
    const backlog = rest.find((setting) => typeof setting === 'number');
    return [
      { port: first, host, backlog, reusePort: true },
      ...rest.filter((setting) => typeof setting === 'function'),
    ];
  }
  const hasPort = typeof first === 'object' && first !== null && isPort((first as { port?: unknown }).port);
  return hasPort ? [{ ...first, reusePort: true }, ...rest] : settings;
}

function isPort(setting: unknown): boolean {
  return typeof setting === 'number' || (typeof setting === 'string' && /^\d+$/.test(setting));
}
