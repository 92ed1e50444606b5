/** What a command writes: taken before any work, checked against all that it reads and writes, let go at the end. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { followed } from '../../files/disk.ts';
import { OutputFile, writtenBeside } from '../../files/output-file.ts';
import type { ForceFlag } from '../input/flags.ts';
import { UsageError } from '../output/failure.ts';
import { checkReplaceable, type Kind, refuseOther } from './replaceable.ts';

/** A name and what it stands for. */
interface Place {
  readonly name: string;
  readonly path: string;
  /** Device and inode: the same for all hard links; absent without a file. */
  readonly file: string | undefined;
}

async function placeOf(name: string): Promise<Place> {
  const path = await followed(name).catch(() => resolve(name));
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return { name, path, file: found && `${found.dev}:${found.ino}` };
}

/** A place that a flag names. */
interface Named extends Place {
  readonly flag?: string;
}

/** Places, found by path, by file and by whom they would be in the way of. */
class Places {
  readonly #byPath = new Map<string, Named>();
  readonly #byFile = new Map<string, Named>();
  readonly #byWriter = new Map<string, Named>();

  add(place: Named): void {
    this.#byPath.set(place.path, place);
    if (place.file !== undefined) this.#byFile.set(place.file, place);
    const writer = writtenBeside(place.path);
    if (writer !== undefined) this.#byWriter.set(writer, place);
  }

  /** What has the same path, or is another link to the same file. */
  same({ path, file }: Place): Named | undefined {
    return this.#byPath.get(path) ?? (file === undefined ? undefined : this.#byFile.get(file));
  }

  /** What would put its lock, or what it writes first, where a path is. */
  writerOf({ path }: Place): Named | undefined {
    const writer = writtenBeside(path);
    return writer === undefined ? undefined : this.#byPath.get(writer);
  }

  /** What lies where writing a path puts its lock, or what it writes first. */
  beside({ path }: Place): Named | undefined {
    return this.#byWriter.get(path);
  }
}

/** The files of one command. Call `release` whatever happens. */
export class Outputs {
  readonly #reads = new Places();
  readonly #writes = new Places();
  readonly #files: OutputFile[] = [];

  /** @param force whether whatever is there may be replaced */
  constructor(readonly force: boolean) {}

  /**
   * Names what the command reads.
   * @param replaced the flag of an output that may be one of them
   * @throws UsageError
   */
  async reads(names: readonly string[], replaced?: string): Promise<void> {
    for (const name of names) {
      const place = await placeOf(name);
      const output = this.#writes.same(place);
      if (output !== undefined && output.flag !== replaced) refuseSame(output.flag, output.name);
      const writer = this.#writes.writerOf(place);
      if (writer !== undefined) refuseBeside(place.name, writer.name);
      this.#reads.add(place);
    }
  }

  /**
   * Takes a file.
   * @param flag that names it
   * @param kind what it is to be, so that nothing else is lost
   * @throws UsageError, DataError
   */
  async claim(flag: string, name: string, kind: Kind): Promise<OutputFile> {
    const place = await placeOf(name);
    if (this.#reads.same(place) !== undefined) refuseSame(flag, name);
    const other = this.#writes.same(place);
    if (other !== undefined) throw new UsageError(`${other.flag} and ${flag} name the same file, ${name}`);
    const writer = this.#writes.writerOf(place);
    if (writer !== undefined) refuseBeside(name, writer.name);
    const neighbour = this.#reads.beside(place) ?? this.#writes.beside(place);
    if (neighbour !== undefined) refuseBeside(neighbour.name, name);
    const file = await OutputFile.claim(name);
    this.#files.push(file);
    // Behind the lock: nobody else changes it now.
    if (!this.force && (await checkReplaceable(flag, name, kind))) file.keep = () => refuseOther(name);
    this.#writes.add({ ...place, flag });
    return file;
  }

  /** Lets others write the files. */
  release(): void {
    for (const file of this.#files.splice(0)) file.release();
  }
}

function refuseSame(flag: string | undefined, name: string): never {
  throw new UsageError(`${flag} names ${name}, which this run reads; give another file`);
}

function refuseBeside(name: string, written: string): never {
  throw new UsageError(`${name} is a name that writing ${written} needs; give another file`);
}

/** Runs a command that writes, and lets go of its files whatever happens. */
export async function withOutputs<T>(
  { force = false }: ForceFlag,
  work: (outputs: Outputs) => Promise<T>,
): Promise<T> {
  const outputs = new Outputs(force);
  try {
    return await work(outputs);
  } finally {
    outputs.release();
  }
}
