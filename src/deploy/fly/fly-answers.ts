// Of what Fly.io answers only what is read here. Any of it but a machine's id may be missing.

export interface FlyApp {
  readonly name?: string;
  readonly network?: string;
  readonly organization?: { readonly slug?: string };
}

export interface FlyAddress {
  readonly ip?: string;
  readonly shared?: boolean;
  readonly created_at?: string;
}

export interface FlyMachine {
  readonly id: string;
  readonly name?: string;
  readonly state?: string;
  /** Another with every change of the configuration. */
  readonly instance_id?: string;
  readonly updated_at?: string;
  readonly config?: { readonly image?: string; readonly metadata?: Readonly<Record<string, string>> };
  readonly events?: readonly FlyEvent[];
}

export interface FlyEvent {
  readonly type?: string;
  /** Unix milliseconds. */
  readonly timestamp?: number;
  readonly request?: { readonly exit_event?: FlyExit; readonly MonitorEvent?: { readonly exit_event?: FlyExit } };
}

export interface FlyExit {
  readonly exit_code?: number;
  readonly oom_killed?: boolean;
  readonly requested_stop?: boolean;
  readonly restarting?: boolean;
}

export interface LogPage {
  readonly data?: readonly { readonly id?: string; readonly attributes?: LogAttributes }[];
  readonly meta?: { readonly next_token?: string };
}

export interface LogAttributes {
  readonly timestamp?: string;
  readonly message?: string;
  /** `provider` is `app` for what the app itself printed. */
  readonly meta?: { readonly event?: { readonly provider?: string } };
}
