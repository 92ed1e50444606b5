/** Takes a WebAssembly module apart: sections, limits, names. Just enough of the binary format (WebAssembly 1.0, 5). */

/** Section numbers of the core specification. */
export enum Section {
  Custom = 0,
  Type = 1,
  Import = 2,
  Function = 3,
  Table = 4,
  Memory = 5,
  Global = 6,
  Export = 7,
  Start = 8,
  Element = 9,
  Code = 10,
  Data = 11,
  DataCount = 12,
}

/** Reads unsigned LEB128 numbers and names. */
class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {}

  byte(): number {
    return this.bytes[this.at++];
  }

  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  name(): string {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

/** One section's body. */
export interface SectionBody {
  readonly id: Section;
  readonly body: Uint8Array;
}

/** All sections in order. */
export function sections(module: Uint8Array): SectionBody[] {
  const reader = new Reader(module, 8);
  const found: SectionBody[] = [];
  while (reader.at < module.length) {
    const id = reader.byte();
    const size = reader.number();
    found.push({ id, body: module.subarray(reader.at, reader.at + size) });
    reader.at += size;
  }
  return found;
}

/** Names of the custom sections. */
export function customSections(module: Uint8Array): string[] {
  return sections(module)
    .filter(({ id }) => id === Section.Custom)
    .map(({ body }) => new Reader(body).name());
}

/** The one memory's limits in pages; `maximum` undefined when it may grow without end. */
export function memoryLimits(module: Uint8Array): { initial: number; maximum: number | undefined } {
  const memory = sections(module).find(({ id }) => id === Section.Memory);
  if (memory === undefined) throw new Error('the module has no memory');
  const reader = new Reader(memory.body);
  if (reader.number() !== 1) throw new Error('the module has more than one memory');
  const flags = reader.byte();
  return { initial: reader.number(), maximum: flags & 1 ? reader.number() : undefined };
}
