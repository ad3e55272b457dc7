/** A call that its caller names, so that it has its effect once, however often it is made within 24 hours. */
export interface RepeatableCall {
  readonly ownerId: string;
  /** The caller's name for it, at most 200 characters. */
  readonly key: string;
  /** sha256 over what is asked for, hex. */
  readonly requestHash: string;
}
