/**
 * The two-slot store of host/devices under power cuts, alone and with a core that trains. Needs a C compiler;
 * without one it is skipped, or fails when NLR_ALL_ENGINES is set, as in continuous integration.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { Gradient, Rule, Status } from '../../assembly/abi/codes.ts';
import { type Build, type CoreTraining, Machine, ok } from '../support/core-harness.ts';
import { without } from '../support/installed.ts';
import { compiler, NO_COMPILER, Programs } from './programs.ts';
import * as oracle from '../support/oracle/index.ts';

const SEED = 1021;
const RANDOM_CUTS = 1000;
/** How many kinds of tear the simulated flash knows. */
const TORN_KINDS = 4;
const STEPS = 12;

const cc = compiler();
const skip = without(cc === undefined ? NO_COMPILER : undefined);

/** Flash and store of a device, in a process of their own. */
class Flash {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(program: string, seed: number) {
    this.#child = spawn(program, [String(seed)], { stdio: ['pipe', 'pipe', 'inherit'] });
    assert.ok(this.#child.stdout);
    this.#answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  async ask(command: string): Promise<string> {
    this.#child.stdin?.write(`${command}\n`);
    const { value, done } = await this.#answers.next();
    assert.ok(!done, `the flash ended at: ${command.slice(0, 40)}`);
    return value;
  }

  save(image: Uint8Array): Promise<string> {
    return this.ask(`save ${Buffer.from(image).toString('hex')}`);
  }

  /** What the device finds when it starts. */
  async load(): Promise<Uint8Array | undefined> {
    const [word, bytes] = (await this.ask('load')).split(' ');
    assert.ok(word === 'ok' || word === 'empty', word);
    return word === 'ok' ? Buffer.from(bytes ?? '', 'hex') : undefined;
  }

  close(): Promise<unknown> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.end();
    return ended;
  }
}

const MODEL = oracle.randomModel(oracle.seededRng(SEED), {
  qubits: 2,
  outputs: 2,
  logits: 2,
  diagonal: true,
});
const DATA = oracle.randomBatch(oracle.seededRng(SEED), MODEL, 8);

/** Each build with a rule of its own; shots and drawn mini-batches, so that the random streams must go on too. */
const RUNS: readonly [Build, Partial<CoreTraining>][] = [
  ['device', { rule: Rule.NlrGuarded, shots: 9, gradient: Gradient.ParameterShift }],
  ['device-f32', { rule: Rule.Adam }],
  ['device-fast', { rule: Rule.Nlr, shots: 9, gradient: Gradient.ParameterShift }],
  ['device-fast-f32', { rule: Rule.NlrGuarded }],
];

/** One device that trains; it loses all but its flash when power fails. */
class Device {
  machine: Machine;

  constructor(
    readonly build: Build,
    readonly training: Partial<CoreTraining>,
    readonly flash: Flash,
  ) {
    this.machine = this.#switchOn();
  }

  #switchOn(): Machine {
    const machine = new Machine(this.build, MODEL, { batch: 4, samples: 8, ...this.training });
    ok(machine.abi.parameters_initialise(), 'initialise');
    return machine;
  }

  get step(): number {
    return this.machine.report.Step;
  }

  trainTo(step: number): this {
    while (this.step < step) this.machine.drawnStep(DATA.batch, DATA.labels, 7);
    return this;
  }

  /** Begins a step and leaves it in the middle. */
  halfStep(slices: number): void {
    const { abi } = this.machine;
    ok(abi.step_begin(4), 'step_begin');
    this.machine.fill(DATA.batch.slice(0, 4), DATA.labels.slice(0, 4));
    for (let slice = 0; slice < slices && abi.step_advance(1) === Status.More; slice++);
  }

  /** Power is back: goes on from the flash. */
  async restart(): Promise<void> {
    this.machine = this.#switchOn();
    const image = await this.flash.load();
    if (image !== undefined) assert.equal(this.machine.restore(image), Status.Ok);
  }
}

/** The trace after every step of a run that nothing interrupts. */
function tracesOf(device: Device): bigint[] {
  return Array.from({ length: STEPS + 1 }, (_, step) => device.trainTo(step).machine.trace);
}

describe('two slots in flash', { skip }, () => {
  const programs = new Programs(cc ?? 'cc');
  after(() => programs.remove());

  it('lose nothing: every write torn, random cuts, cuts while recovering, garbage, failing writes', (context) => {
    const program = programs.compile('slots-power');
    for (let seed = SEED; seed < SEED + 3; seed++) {
      context.diagnostic(
        execFileSync(program, [String(seed), String(RANDOM_CUTS)], { encoding: 'utf8' }).trim(),
      );
    }
  });

  for (const [build, training] of RUNS) {
    it(`${build}: power cut at every write of a checkpoint, training goes on with the same bits`, async () => {
      const flash = new Flash(programs.compile('slots-pipe'), SEED);
      const device = new Device(build, training, flash);
      const traces = tracesOf(device);
      let [whole, before] = [0, 0];
      for (let write = 0, more = true; more; write++) {
        for (let kind = 0; kind < TORN_KINDS && more; kind++) {
          await flash.ask('new');
          await device.restart();
          for (const step of [1, 2])
            assert.equal(await flash.save(device.trainTo(step).machine.checkpoint()), 'ok');
          device.trainTo(3);
          await flash.ask(`cut ${write} ${kind}`);
          more = (await flash.save(device.machine.checkpoint())) === 'cut';
          await device.restart();
          const what = `seed ${SEED}, write ${write}, tear ${kind}`;
          if (device.step === 3) whole++;
          else before++;
          assert.ok(device.step === 3 || (more && device.step === 2), `${what}: step ${device.step}`);
          assert.equal(device.machine.trace, traces[device.step], what);
          assert.equal(device.trainTo(6).machine.trace, traces[6], what);
        }
      }
      await flash.close();
      // The tears after the header's last bit find the new one.
      assert.ok(whole > 1 && before > 100, `${whole} ${before}`);
    });

    it(`${build}: ${RANDOM_CUTS / RUNS.length} random cuts in saves, starts and steps, no lost or wrong state`, async () => {
      const flash = new Flash(programs.compile('slots-pipe'), SEED + 1);
      const rng = oracle.seededRng(SEED + 1);
      const below = (bound: number) => oracle.randomInteger(rng, bound);
      const device = new Device(build, training, flash);
      const traces = tracesOf(device);
      const what = `seed ${SEED + 1}`;
      let cuts = 0;
      let saved = 0;
      const restart = async () => {
        cuts++;
        // The start is cut now and then, too.
        if (below(3) === 0) {
          await flash.ask(`cut ${below(9)} ${below(TORN_KINDS)}`);
          if ((await flash.ask('load')) === 'cut') cuts++;
        }
        await device.restart();
        assert.ok(
          device.step === saved || device.step === saved + 1,
          `${what}: ${device.step} after ${saved}`,
        );
        assert.equal(device.machine.trace, traces[device.step], what);
        saved = device.step;
      };
      while (cuts < RANDOM_CUTS / RUNS.length) {
        if (saved === STEPS || cuts === 0) {
          await flash.ask('new');
          saved = 0;
          await restart();
        }
        device.trainTo(saved + 1);
        if (below(4) === 0) {
          device.halfStep(below(200));
          await restart();
          continue;
        }
        await flash.ask(`cut ${below(160)} ${below(TORN_KINDS)}`);
        if ((await flash.save(device.machine.checkpoint())) === 'cut') await restart();
        else saved++;
      }
      assert.equal(device.trainTo(STEPS).machine.trace, traces[STEPS], what);
      await flash.close();
    });
  }
});
