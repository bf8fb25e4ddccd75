/**
 * An error as AWS answers it. `code` is the exception's name on the wire (`ResourceNotFoundException`); status and fault come from
 * the service's schema where it models the error, and from `status` (400 by default) where it does not.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number | undefined;
  /** Further members of the modelled error, such as `Type` or `Reason`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { status?: number; members?: Record<string, unknown> } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}
