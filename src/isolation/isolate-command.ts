import { dirname } from 'node:path';
import type { CommandSetting } from '../machine/command.ts';
import type { IsolationMachine } from './isolation-machine.ts';
import type { LaunchPolicy, VisibleFiles } from './launcher/launch-policy.ts';
import type { CommandLimits, IsolationTier } from './untrusted-commands.ts';

/** One command that a model wrote, and all it may have. */
export interface IsolationRequest {
  readonly command: readonly string[];
  /** Absolute; it may read and write here. */
  readonly directory: string;
  readonly limits: CommandLimits;
  readonly network: AllowedNetwork;
  /** More that it may read. */
  readonly readable: readonly string[];
}

export type AllowedNetwork =
  /** One of its own, where the tier can make it: what is outside is reached by sockets in the folder. */
  | { readonly kind: 'own'; readonly socketFolder: string | undefined }
  /** The machine's, by these ports of TCP where the tier can tell them apart. */
  | { readonly kind: 'shared'; readonly connect: readonly number[]; readonly bind: readonly number[] };

/** A command that keeps itself apart, as `startCommand` starts it. */
export interface IsolatedCommand {
  readonly command: readonly string[];
  readonly handOver: CommandSetting['handOver'];
}

// What programs need that are installed for everybody. /etc as a whole would show what administrators keep there.
const SYSTEM_FILES = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/lib32',
  ...['ssl', 'pki', 'ca-certificates', 'alternatives', 'passwd', 'group', 'nsswitch.conf', 'hosts', 'localtime'].map(
    (name) => `/etc/${name}`,
  ),
  '/etc/ld.so.cache',
];
/**
 * The first process of a namespace is deaf to signals that it does not handle, and inherits all orphans: the shell is it,
 * not the command. Waiting is cut short by the signal, which the command has got too, as one of our group.
 */
const FIRST_PROCESS =
  'trap : TERM; "$@" & child=$!; while :; do wait $child; status=$?; kill -0 $child 2>/dev/null || exit $status; done';
const UNSHARE_OPTIONS = '--user --map-current-user --keep-caps --mount --pid --fork --kill-child --ipc --uts'.split(
  ' ',
);
const BUBBLEWRAP_OPTIONS = (
  '--unshare-user --unshare-pid --unshare-ipc --unshare-uts --die-with-parent --cap-drop ALL ' +
  '--proc /proc --dev /dev --tmpfs /tmp'
).split(' ');
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'].map((name) => `/dev/${name}`);

/** Whether commands in the tier get processes, files and, where they want it, a network of their own. */
export function hasNamespaces(tier: IsolationTier): boolean {
  return tier === 'bubblewrap' || tier === 'namespaces';
}

export function isolateCommand(
  machine: IsolationMachine,
  tier: IsolationTier,
  request: IsolationRequest,
): IsolatedCommand {
  const files = visibleFiles(machine, tier, request);
  const outer = outerCommand(machine, tier, request, files);
  if (machine.launcherTrouble !== undefined) {
    return {
      command: [...outer, ...limitedByProgram(machine, request.limits), ...request.command],
      handOver: undefined,
    };
  }
  const policy = launchPolicy(tier, request, files);
  return {
    command: [...outer, machine.nodePath, '--disable-warning=ExperimentalWarning', machine.launcher.launch],
    handOver: (environment) => JSON.stringify({ ...policy, environment } satisfies LaunchPolicy),
  };
}

function visibleFiles(machine: IsolationMachine, tier: IsolationTier, request: IsolationRequest): VisibleFiles {
  const { runtime, nodePath, launcher } = machine;
  const { network } = request;
  const ours = [dirname(dirname(runtime.nodePath)), nodePath, launcher.folder, ...request.readable];
  // Landlock's rights hold for all that lies below: where we live in /tmp ourselves, it is not to be written.
  const ownTmp = hasNamespaces(tier) && !ours.some((path) => path.startsWith('/tmp/'));
  return {
    readable: [...SYSTEM_FILES, '/proc', ...ours],
    writable: [
      request.directory,
      ...(ownTmp ? ['/tmp'] : []),
      ...(network.kind === 'own' && network.socketFolder !== undefined ? [network.socketFolder] : []),
    ],
    devices: DEVICES,
  };
}

function launchPolicy(
  tier: IsolationTier,
  request: IsolationRequest,
  files: VisibleFiles,
): Omit<LaunchPolicy, 'environment'> {
  const { network } = request;
  const restricted = tier !== 'user' && tier !== 'none';
  const alone = hasNamespaces(tier) && network.kind === 'own';
  return {
    command: tier === 'namespaces' ? ['/bin/sh', '-c', FIRST_PROCESS, 'sh', ...request.command] : request.command,
    directory: request.directory,
    limits: request.limits,
    files: restricted ? files : undefined,
    ownView: tier === 'namespaces',
    ownNetwork: tier === 'namespaces' && alone,
    ports: network.kind === 'shared' ? { connect: network.connect, bind: network.bind } : undefined,
    systemCalls: tier === 'none' ? undefined : { unixSockets: alone, leaveGroup: hasNamespaces(tier) },
  };
}

/** What makes namespaces has to be a process of its own: Node has threads, which none can be made for. */
function outerCommand(
  machine: IsolationMachine,
  tier: IsolationTier,
  request: IsolationRequest,
  files: VisibleFiles,
): readonly string[] {
  const network = request.network.kind === 'own' ? ['--unshare-net'] : [];
  if (tier === 'bubblewrap') return [machine.bubblewrap ?? 'bwrap', ...bubblewrapArguments(files, request), ...network];
  if (tier !== 'namespaces') return [];
  return [machine.unshare ?? 'unshare', ...UNSHARE_OPTIONS, ...(request.network.kind === 'own' ? ['--net'] : []), '--'];
}

function bubblewrapArguments(files: VisibleFiles, request: IsolationRequest): readonly string[] {
  const readable = files.readable.filter((path) => path !== '/proc');
  const writable = files.writable.filter((path) => path !== '/tmp');
  return [
    ...BUBBLEWRAP_OPTIONS,
    ...readable.flatMap((path) => ['--ro-bind-try', path, path]),
    ...writable.flatMap((path) => ['--bind', path, path]),
    '--chdir',
    request.directory,
  ];
}

/** For a Node without node:ffi. Where the program is missing too, the self-test finds that there are no limits. */
function limitedByProgram({ prlimit }: IsolationMachine, limits: CommandLimits): readonly string[] {
  if (prlimit === undefined) return [];
  const { processes, memoryBytes, fileBytes } = limits;
  return [prlimit, '--core=0', `--nproc=${processes}`, `--data=${memoryBytes}`, `--fsize=${fileBytes}`];
}
