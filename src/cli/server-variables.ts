import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Shell } from './shell.ts';

/** The variables that a server started elsewhere needs to see what this terminal sees. */
export interface ServerVariables {
  readonly given: Readonly<Record<string, string>>;
  /** Names of those that hold secrets and were left out. */
  readonly withheld: readonly string[];
}

/** They decide the home, the cluster, the model and where the parts of a project live. */
const DECISIVE =
  /^(?:TURBOBACKEND_|DB_CLUSTER_|DAYTONA_|GITHUB_(?:TOKEN|OWNER|API_URL)$|S3_|AWS_|FLY_)|^(?:XAI|OPENAI|ANTHROPIC|GOOGLE_GENERATIVE_AI)_API_KEY$/;
/** Of `serve`, or of this one command. */
const OTHERS =
  /^TURBOBACKEND_(?:HOME|HOST|PORT|REQUIRE_KEY|PUBLIC_URL|REQUESTS_PER_MINUTE|DEBUG|LLM_RECORD|LLM_REPLAY|VENDOR_SPECS)$/;
const SECRET = /(?:KEY|TOKEN|PASSWORD|SECRET)$/;
/** Providers' variables matter only where the provider is chosen. */
const PROVIDERS: readonly (readonly [RegExp, (config: Config) => boolean])[] = [
  [/^DAYTONA_/, ({ placement }) => placement.sandbox === 'daytona'],
  [/^GITHUB_/, ({ placement }) => placement.source === 'github'],
  [/^(?:S3|AWS)_/, ({ placement }) => placement.artifacts === 's3'],
  [/^FLY_/, ({ placement }) => placement.deploy === 'fly'],
];

export function serverVariables(
  { environment }: Pick<Shell, 'environment'>,
  config: Config,
  withSecrets: boolean,
): ServerVariables {
  const decisive = Object.entries(environment).filter(
    (entry): entry is [string, string] => Boolean(entry[1]) && isDecisive(entry[0], config),
  );
  const [secrets, plain] = [decisive.filter(([name]) => isSecret(name)), decisive.filter(([name]) => !isSecret(name))];
  return {
    given: {
      ...homeVariable(environment, config),
      ...Object.fromEntries(withSecrets ? [...plain, ...secrets] : plain),
    },
    withheld: withSecrets ? [] : secrets.map(([name]) => name),
  };
}

/** Editors pass the user's home folder on, but none of the variables that move ours away from it. */
function homeVariable({ HOME = '' }: Shell['environment'], { home }: Config): Record<string, string> {
  return home === join(HOME, '.local', 'share', 'turbobackend') ? {} : { TURBOBACKEND_HOME: home };
}

function isDecisive(name: string, config: Config): boolean {
  if (!DECISIVE.test(name) || OTHERS.test(name)) return false;
  return PROVIDERS.every(([pattern, isChosen]) => !pattern.test(name) || isChosen(config));
}

/** A base URL may carry a password as well. */
function isSecret(name: string): boolean {
  return SECRET.test(name);
}
