import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultList, type Fault } from './fault-list.ts';
import { startFlyEdge } from './fly-edge.ts';
import { FlyApps, queryOf, type Answer, type FakeApp, type FakeFlyOptions, type FlyRequest } from './fly-apps.ts';

import { openDescription } from './vendor-description.ts';

/** A Machines API whose machines really run their images, a log service and the edge where the apps answer. */
export interface FakeFly {
  readonly url: string;
  /** `{app}` stands for the app's name. */
  readonly appUrl: string;
  readonly apps: ReadonlyMap<string, FakeApp>;
  readonly requests: readonly FlyRequest[];
  readonly faults: FaultList;
  /** What of the requests and answers Fly.io's own description does not allow; empty without it. */
  readonly violations: readonly string[];
  /** Makes an app behind everybody's back. */
  place(name: string, org?: string, network?: string): FakeApp;
  /** Has every machine sleep, as the proxy does with those that nobody asks for anything. */
  sleepAll(): Promise<void>;
  stop(): Promise<void>;
}

export async function startFakeFly(options: FakeFlyOptions): Promise<FakeFly> {
  const description = await openDescription('fly-machines.json');
  const fly = new FlyApps(options);
  const requests: FlyRequest[] = [];
  const faults = new FaultList();
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message);
    requests.push(request);
    const described = { ...request, path: request.path.replace(/^\/v1/, ''), query: queryOf(request) };
    const isDescribed = request.path.startsWith('/v1/');
    if (isDescribed) description?.checkRequest(described);
    const answer = await answerFaulty(faults.take(request.method, request.path), response, () => fly.answer(request));
    if (isDescribed && answer && answer.status < 400 && answer.body !== undefined) {
      description?.checkResponse(described, answer.status, JSON.parse(JSON.stringify(answer.body)));
    }
  };
  const server = createServer((message, response) => void serve(message, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const edge = await startFlyEdge((app) => fly.machinesInPublic(app));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    appUrl: `${edge.url}/{app}`,
    apps: fly.all,
    requests,
    faults,
    violations: description?.violations ?? [],
    place: (name, org, network) => fly.add(name, org ?? options.org, network),
    async sleepAll() {
      const machines = [...fly.all.values()].flatMap((app) => app.machines);
      await Promise.all(machines.map((machine) => machine.stop('proxy')));
    },
    async stop() {
      for (const name of fly.all.keys()) await fly.remove(name);
      await edge.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(message: IncomingMessage): Promise<FlyRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { pathname, search } = new URL(message.url ?? '/', 'http://fly');
  const { method = 'GET', headers } = message;
  return { method, path: pathname, query: search, headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Resolves to what was answered, if anything was. */
async function answerFaulty(
  fault: Fault | undefined,
  response: ServerResponse,
  carryOut: () => Promise<Answer>,
): Promise<Answer | undefined> {
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  const goesWrong = fault !== undefined && (fault.reset === true || fault.status !== undefined || fault.after === true);
  const done = goesWrong && fault.after !== true ? undefined : await carryOut();
  if (goesWrong && fault.status === undefined) {
    response.socket?.destroy();
    return undefined;
  }
  const answer = goesWrong ? { status: fault.status ?? 500, body: fault.body ?? { error: 'fault' } } : done;
  if (!answer) return undefined;
  const headers = goesWrong ? fault.headers : {};
  response.writeHead(answer.status, { 'content-type': 'application/json', 'fly-request-id': randomUUID(), ...headers });
  response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  return goesWrong ? undefined : answer;
}
