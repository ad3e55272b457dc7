/** Where the parts of a project live, by the names that the settings choose among. Written down when it is made. */
export interface Placement {
  readonly sandbox: 'local' | 'daytona';
  readonly source: 'local' | 'github';
  readonly artifacts: 'folder' | 's3';
  readonly deploy: 'local' | 'fly';
}

/** Everything on this machine. */
export const LOCAL_PLACEMENT: Placement = { sandbox: 'local', source: 'local', artifacts: 'folder', deploy: 'local' };
