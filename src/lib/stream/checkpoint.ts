import { readFile } from 'node:fs/promises';
import { UsageError } from '../shared/errors.js';
import { replaceFile } from '../shared/replace-file.js';
import type { ShardPosition } from './shard-position.js';

/** Whose checkpoint a file is: one of `tail`, or one of `sql`, which has state besides the positions. */
type CheckpointKind = 'checkpoint' | 'sql-checkpoint';

interface CheckpointFile {
  pipectl: CheckpointKind;
  version: 1;
  stream: string;
  shards: Record<string, ShardPosition>;
  state?: unknown;
}

/** How far each shard of a stream has been read, kept in a file that is always whole: written beside it, synced, and renamed into place. */
export class Checkpoint {
  readonly positions: Map<string, ShardPosition>;
  /** What was saved beside the positions; undefined if nothing was. */
  readonly state: unknown;
  readonly #path: string;
  readonly #about: Pick<CheckpointFile, 'pipectl' | 'stream'>;
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, about: Pick<CheckpointFile, 'pipectl' | 'stream'>, file?: CheckpointFile) {
    this.#path = path;
    this.#about = about;
    this.positions = new Map(Object.entries(file?.shards ?? {}));
    this.state = file?.state;
  }

  /**
   * Reads the file, if there is one.
   * @throws UsageError when it is not a checkpoint, or one of another stream
   */
  static async open(path: string, stream: string, kind: CheckpointKind = 'checkpoint'): Promise<Checkpoint> {
    const about = { pipectl: kind, stream };
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        throw new UsageError(`--checkpoint: cannot read ${path}: ${reasonOf(error)}.`, { cause: error });
      const fresh = new Checkpoint(path, about);
      await fresh.save(new Map()).catch((failure: unknown) => {
        throw new UsageError(`--checkpoint: cannot write ${path}: ${reasonOf(failure)}.`, { cause: failure });
      });
      return fresh;
    }
    const file = parseCheckpoint(text);
    if (!file)
      throw new UsageError(`--checkpoint: ${path} is not a checkpoint of pipectl.`, { hint: 'Name another file.' });
    if (file.pipectl !== kind) {
      throw new UsageError(
        `--checkpoint: ${path} was written by pipectl ${file.pipectl === 'checkpoint' ? 'tail' : 'sql'}.`,
        { hint: 'Name another file.' },
      );
    }
    if (file.stream !== stream) {
      throw new UsageError(`--checkpoint: ${path} belongs to the stream ${file.stream}, not to ${stream}.`, {
        hint: 'Name another file, or that stream.',
      });
    }
    return new Checkpoint(path, about, file);
  }

  /** Writes positions, and what belongs to them; calls follow one another. */
  save(positions: ReadonlyMap<string, ShardPosition>, state?: unknown): Promise<void> {
    const { pipectl, stream } = this.#about;
    const file: CheckpointFile = {
      pipectl,
      version: 1,
      stream,
      ...(state !== undefined && { state }),
      shards: Object.fromEntries(positions),
    };
    this.#written = this.#written
      .catch(() => {})
      .then(() => replaceFile(this.#path, `${JSON.stringify(file, null, 2)}\n`));
    return this.#written;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is not one',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** Why a file could not be read or written, in words. */
function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

function parseCheckpoint(text: string): CheckpointFile | undefined {
  try {
    const file = JSON.parse(text) as Partial<CheckpointFile> | null;
    const known = file?.pipectl === 'checkpoint' || file?.pipectl === 'sql-checkpoint';
    const valid = known && file?.version === 1 && typeof file.shards === 'object';
    return valid ? (file as CheckpointFile) : undefined;
  } catch {
    return undefined;
  }
}
