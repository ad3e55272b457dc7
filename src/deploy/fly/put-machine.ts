import { getOrCreate } from '../../cloud/get-or-create.ts';
import type { FlyMachine } from './fly-answers.ts';
import type { FlyApi, MachineOrder } from './fly-api.ts';
import { isOurs, releaseOfMachine, type FlyRelease, type MachineMarks } from './machine-config.ts';

/** The app's one machine, which nothing else of the app may be called. */
export const MACHINE_NAME = 'web';

/** The machine that we made, among whatever else runs in the app. */
export function ourMachine(machines: readonly FlyMachine[], marks: MachineMarks): FlyMachine | undefined {
  const ours = machines.filter((machine) => isOurs(machine, marks) && !isGone(machine));
  return ours.find(({ name }) => name === MACHINE_NAME) ?? ours[0];
}

function isGone({ state = '' }: FlyMachine): boolean {
  return state === 'destroyed' || state === 'destroying';
}

/** Has the machine run the release, as it was asked for: makes it, or starts it anew when it runs another. */
export async function putMachine(
  api: FlyApi,
  app: string,
  {
    order,
    release,
    marks,
  }: { readonly order: MachineOrder; readonly release: FlyRelease; readonly marks: MachineMarks },
): Promise<FlyMachine> {
  const find = async (): Promise<FlyMachine | undefined> => ourMachine(await api.listMachines(app), marks);
  const { resource } = await getOrCreate(find, () => api.createMachine(app, order));
  const runs = releaseOfMachine(resource)?.fingerprint;
  // An answer without the configuration is that to our own order.
  if (runs === release.fingerprint || (runs === undefined && resource.config === undefined)) return resource;
  return api.updateMachine(app, resource.id, order);
}
