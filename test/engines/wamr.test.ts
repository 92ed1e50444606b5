/**
 * What WebAssembly Micro Runtime (WAMR) needs to give a device module less than its page. Its loader
 * (load_from_sections in core/iwasm/interpreter/wasm_loader.c, 2.x) then cuts the memory down to `__heap_base`,
 * and appends as much as the host asks for when it instantiates. It does so when
 *
 * - the module exports the immutable i32 globals `__heap_base` and `__data_end`, with constant values,
 * - `__data_end`, rounded up to 16, is not above `__heap_base`,
 * - the module has no memory.grow and no memory.size.
 *
 * It takes the first mutable i32 global for the stack pointer of a compiler's stack; there is none.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import binaryen from 'binaryen';
import { Engine, Gradient, Rule, Status } from '../../assembly/abi/codes.ts';
import { type Build, BUILDS, isDevice, load, Machine, moduleUrl, ok } from '../support/core-harness.ts';
import { Accesses } from '../support/accesses.ts';
import { enginesOf } from '../support/members.ts';
import * as oracle from '../support/oracle/index.ts';

const SEED = 1023;
const ALIGNMENT = 16;

/** The value of an exported global. */
function globalOf(build: Build, name: string): number {
  return (load(build)[name] as WebAssembly.Global<'i32'>).value;
}

for (const build of BUILDS.filter(isDevice)) {
  describe(`wamr: ${build}`, () => {
    it('exports immutable __heap_base and __data_end, and has no mutable global', () => {
      const module = binaryen.readBinary(readFileSync(moduleUrl(build)));
      const globals = new Map<string, binaryen.GlobalInfo>();
      for (let i = 0; i < module.getNumGlobals(); i++) {
        const info = binaryen.getGlobalInfo(module.getGlobalByIndex(i));
        assert.ok(!info.mutable, `${info.name} is mutable`);
        globals.set(info.name, info);
      }
      const exported = new Map<string, string>();
      for (let i = 0; i < module.getNumExports(); i++) {
        const { name, value, kind } = binaryen.getExportInfo(module.getExportByIndex(i));
        if (kind === binaryen.ExternalGlobal) exported.set(name, value);
      }
      assert.deepEqual([...exported.keys()].sort(), ['__data_end', '__heap_base']);
      for (const [name, internal] of exported) {
        const info = globals.get(internal) as binaryen.GlobalInfo;
        assert.equal(info.type, binaryen.i32, name);
        assert.equal(binaryen.getExpressionInfo(info.init).id, binaryen.ConstId, name);
      }
      module.dispose();
    });

    it('has its static data below __data_end, and that, rounded up, not above __heap_base', () => {
      const [dataEnd, heapBase] = [globalOf(build, '__data_end'), globalOf(build, '__heap_base')];
      const fresh = new Uint8Array(load(build).memory.buffer);
      assert.ok(fresh.findLastIndex((byte) => byte !== 0) < dataEnd);
      assert.ok(Math.ceil(dataEnd / ALIGNMENT) * ALIGNMENT <= heapBase, `${dataEnd} and ${heapBase}`);
      assert.ok(heapBase <= 65536);
    });

    it('neither grows its memory nor asks for its size', () => {
      const module = binaryen.readBinary(readFileSync(moduleUrl(build)));
      assert.doesNotMatch(module.emitText(), /memory\.(grow|size)/);
      module.dispose();
    });

    it('touches nothing from plan() on: a memory of that many bytes is enough', () => {
      const rng = oracle.seededRng(SEED);
      for (const engine of enginesOf(build)) {
        const accesses = new Accesses(build);
        const { abi } = accesses;
        const model = oracle.paperModel(3, 2, 8);
        const shots = engine === Engine.Samples ? { gradient: Gradient.ParameterShift, shots: 9 } : {};
        const machine = new Machine(build, model, { rule: Rule.NlrGuarded, batch: 3, engine, ...shots }, abi);
        ok(abi.parameters_initialise(), 'initialise');
        const { batch, labels } = oracle.randomBatch(rng, model, 3);
        machine.step(batch, labels, 1);
        machine.predict(batch, shots.shots);
        assert.equal(machine.restore(machine.checkpoint()), Status.Ok);
        const image = machine.modelImage();
        machine.putImage(image);
        ok(abi.model_read(image.length), 'model_read');
        if (engine !== Engine.Samples) ok(abi.effective_build(), 'effective_build');
        const { end } = accesses;
        // All of it is in use, so the check can fail.
        assert.ok(end > abi.plan() - 64, `${end} of ${abi.plan()}`);
        assert.ok(end <= abi.plan(), `seed ${SEED}, ${Engine[engine]}: ${end} of ${abi.plan()}`);
      }
    });
  });
}
