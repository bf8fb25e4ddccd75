/** `pipectl.yaml`, read and checked, but for its checks: those are e2e's to read. */
export interface ProjectFile {
  /** Absolute. */
  path: string;
  /** The folder of the file; paths in it are relative to this. */
  folder: string;
  target?: string;
  region?: string;
  profile?: string;
  /** The stream that `produce` and `tail` take when none is named. */
  stream?: string;
  /** The local endpoint, if pipectl starts it. */
  local?: { inert?: string[] };
  /** What `provision` makes, by name. */
  streams?: Record<string, StreamSpec>;
}

/** One stream for `provision`, in the words of its flags; what is left out takes the flag's default. */
export interface StreamSpec {
  shards?: number;
  onDemand?: boolean;
  /** A duration, `48h`. */
  retention?: string;
  /** A size, `4MiB`. */
  maxRecordSize?: string;
  tags?: Record<string, string>;
}
