import type { AttackName } from './launcher/attack-targets.ts';
import type { Isolation } from './untrusted-commands.ts';

/** What is said about a tier, by whether any of the attacks worked in it. */
interface Claim {
  readonly attacks: readonly AttackName[];
  readonly kept: string;
  readonly open: string;
}

const CLAIMS: readonly Claim[] = [
  {
    attacks: ['environment', 'process-environment', 'process-memory', 'read-through-process'],
    kept: 'Our keys and passwords are out of their reach: in no variable of theirs, and our processes cannot be looked into.',
    open: 'Our processes are open to them, with the keys and passwords in them.',
  },
  {
    attacks: ['read-outside', 'read-through-link', 'read-other-project', 'write-outside', 'truncate-outside'],
    kept: 'They read neither your files nor other projects, and write into their own folder alone.',
    open: 'Your files and other projects are open to them.',
  },
  {
    attacks: ['change-mode'],
    kept: 'Nor do they change the modes of your files.',
    open: 'They can change modes and times of your files whose paths they know.',
  },
  {
    attacks: ['process-arguments'],
    kept: 'They see no process but their own.',
    open: 'They see the names and arguments of all processes, where we put no secret.',
  },
  { attacks: ['process-signal'], kept: 'They cannot signal our processes.', open: 'They can signal your processes.' },
  {
    attacks: ['leave-session'],
    kept: 'All they start ends with them, what leaves its session too.',
    open: 'A process that leaves its session and clears its environment may go on when they have ended.',
  },
  {
    attacks: ['namespaces'],
    kept: 'They can make no namespaces of their own.',
    open: 'They can make namespaces of their own, which shows them more of the kernel.',
  },
  {
    attacks: ['unlimited'],
    kept: 'The number of their processes is limited, and the memory and the size of files of each.',
    open: 'Nothing limits their processes, memory and files.',
  },
];

const NETWORK: Claim = {
  attacks: ['connect-port', 'connect-socket'],
  kept: "The network is shut but for the project's own database and, when it is asked for, the package registry.",
  open: 'The network is open to them, and so is what listens on this machine.',
};
const ADDRESSES: Claim = {
  attacks: ['connect-address'],
  kept: 'What is let through is one address.',
  open: 'What is let through is a port number: the same port of other addresses can be reached too.',
};

/** Attacks that make a tier one in name only when they work in it; what else works is said to be open. */
const DECISIVE: readonly AttackName[] = [
  'environment',
  'process-environment',
  'process-memory',
  'read-outside',
  'read-through-process',
  'read-through-link',
  'read-other-project',
  'write-outside',
  'truncate-outside',
];

export function isBroken(worked: readonly AttackName[]): boolean {
  return DECISIVE.some((name) => worked.includes(name));
}

/** `asServer`: the attacks that worked on the machine's network; the same list where there is no other. */
export function guaranteesFrom(worked: readonly AttackName[], asServer: readonly AttackName[]): readonly string[] {
  const network = sentence(NETWORK, worked);
  const addresses = network === NETWORK.kept ? [sentence(ADDRESSES, worked)] : [];
  const more = [...CLAIMS, NETWORK, ADDRESSES].filter((claim) => sentence(claim, asServer) !== sentence(claim, worked));
  return [
    ...CLAIMS.map((claim) => sentence(claim, worked)),
    network,
    ...addresses,
    ...more.map((claim) => `As a server that is to be reached: ${sentence(claim, asServer)}`),
    'Their folder and the free disk are looked at every two seconds: more can be written between two looks.',
  ];
}

/** For people: the tier, what holds in it, why it is not a better one, and how it would become one. */
export function describeIsolation({ tier, guarantees, passedOver, raise }: Isolation): readonly string[] {
  return [
    `Commands that a model wrote run in the tier ${tier}.`,
    ...guarantees,
    ...passedOver.map((reason) => `Not ${reason}`),
    ...(raise === undefined ? [] : [`To raise the tier: ${raise}`]),
  ];
}

function sentence(claim: Claim, worked: readonly AttackName[]): string {
  return claim.attacks.some((name) => worked.includes(name)) ? claim.open : claim.kept;
}
