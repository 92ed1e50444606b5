/** The interpreter of scripts for engines that run JavaScript; script.ts has the language. Runs anywhere: no imports. */

/** Hexadecimal digits of an integer of 32 bits. */
const hex = (word) => (word >>> 0).toString(16).padStart(8, '0');

/** Readers and writers of the types at an address of a module's memory. */
const TYPES = {
  i32: {
    bytes: 4,
    read: (view, at) => hex(view.getInt32(at, true)),
    write: (view, at, value) => view.setInt32(at, value, true),
  },
  f32: {
    bytes: 4,
    read: (view, at) => (Number.isNaN(view.getFloat32(at, true)) ? 'nan' : hex(view.getInt32(at, true))),
    write: (view, at, value) => view.setFloat32(at, value, true),
  },
  f64: {
    bytes: 8,
    read: (view, at) =>
      Number.isNaN(view.getFloat64(at, true))
        ? 'nan'
        : hex(view.getInt32(at + 4, true)) + hex(view.getInt32(at, true)),
    write: (view, at, value) => view.setFloat64(at, value, true),
  },
};

/** The bits of a 64-bit float. */
function bits(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return TYPES.f64.read(view, 0);
}

/** The float with these bits. */
function float(digits) {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${digits}`));
  return view.getFloat64(0);
}

/**
 * @param {WebAssembly.Module} module a build of the core
 * @param {string} script
 * @returns {string} the transcript, a result a line
 */
export function transcript(module, script) {
  const lines = [];
  let core;
  let last = 0;
  let kept = new Uint8Array(0);
  const reset = () => (core = new WebAssembly.Instance(module, {}).exports);
  // The memory may have grown since the last time.
  const view = () => new DataView(core.memory.buffer);
  const number = (word) =>
    word === '$' ? kept.length : word[0] === 'x' ? float(word.slice(1)) : Number(word);
  const call = ([name, ...values]) => {
    if (core[name] === undefined) lines.push(`unknown ${name}`);
    return core[name]?.(...values.map(number)) ?? 0;
  };
  const type = (name) => TYPES[name === 'real' ? (core.real_bytes() === 8 ? 'f64' : 'f32') : name];
  const image = (length) => new Uint8Array(core.memory.buffer, core.image_ptr(), length);

  const fill = (pointer, name, count, value) => {
    const { bytes, write } = type(name);
    const start = core[pointer]();
    for (let i = 0; i < count; i++) write(view(), start + i * bytes, value(i));
  };
  const commands = {
    reset,
    must(words) {
      last = call(words) | 0;
      if (last < 0) lines.push(`refused ${words[0]} ${last}`);
    },
    call(words) {
      last = call(words) | 0;
      lines.push(`${words[0]} ${last}`);
    },
    number(words) {
      lines.push(`${words[0]} ${bits(call(words))}`);
    },
    features([count, step]) {
      fill('features_ptr', 'real', number(count), (i) => (((7 * i + 3 * number(step)) % 23) - 9) / 32);
    },
    labels([count, classes]) {
      fill('labels_ptr', 'i32', number(count), (i) => i % number(classes));
    },
    advance([work]) {
      let calls = 0;
      do {
        last = core.step_advance(number(work));
        calls++;
      } while (last === 1);
      lines.push(`advance ${last} ${calls}`);
    },
    read([name, pointer, from, count]) {
      const { bytes, read } = type(name);
      const start = core[pointer]() + number(from) * bytes;
      const found = Array.from({ length: number(count) }, (_, i) => read(view(), start + i * bytes));
      lines.push([pointer, ...found].join(' '));
    },
    write([name, pointer, at, value]) {
      const { bytes, write } = type(name);
      write(view(), core[pointer]() + number(at) * bytes, number(value));
    },
    keep() {
      kept = image(Math.max(last, 0)).slice();
      lines.push(`keep ${kept.length}`);
    },
    put() {
      image(kept.length).set(kept);
    },
    flip([at, mask]) {
      image(number(at) + 1)[number(at)] ^= number(mask);
    },
    trace() {
      lines.push(`trace ${hex(core.trace_high())}${hex(core.trace_low())}`);
    },
  };

  let trapped = false;
  for (const line of script.split('\n')) {
    const [word, ...rest] = line.split(' ');
    if (word === 'case') {
      lines.push(line);
      trapped = false;
      reset();
    } else if (line !== '' && !trapped) {
      try {
        commands[word](rest);
      } catch (error) {
        if (!(error instanceof WebAssembly.RuntimeError))
          throw new Error(`${line}: ${error}`, { cause: error });
        lines.push('trap');
        trapped = true;
      }
    }
  }
  return lines.join('\n');
}
