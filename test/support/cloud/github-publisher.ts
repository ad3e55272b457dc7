import { GitHubHost } from '../../../src/source/github-host.ts';
import type { PublishRequest } from '../../../src/source/source-host.ts';
import { settingsFor } from './github-ground.ts';

// A process that publishes once, for the test that started it to kill.

export interface PublisherOrder {
  readonly apiUrl: string;
  readonly scratchFolder: string;
  readonly gitProgram: string;
  readonly request: PublishRequest;
}

if (process.send) {
  process.once('message', ({ apiUrl, scratchFolder, gitProgram, request }: PublisherOrder) => {
    const host = new GitHubHost({ ...settingsFor(apiUrl, scratchFolder), gitProgram });
    void host.publish(request).then(() => process.disconnect());
  });
}
