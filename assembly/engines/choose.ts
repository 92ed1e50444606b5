/** Which engine runs a program: the configured one, or the cheapest by its counts among those that fit into memory. */
import { Encoding, Engine, MAX_WORKSPACE, Option, Source, Status } from '../abi/codes';
import { isLaidOut, isNoisy } from '../abi/traits';
import { vectorBytes } from '../kernels/pauli-vector';
import {
  calibrates,
  callerMeasures,
  displacesAngles,
  extrapolates,
  pullsBack,
  runsWide,
  splitsGradient,
  sweepsAngles,
} from '../memory/configuration';
import { integer } from '../memory/options';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { workBytes } from '../memory/sizes';
import { COLUMN_ENGINES, DISPLACED_SWEEP, HEISENBERG_ENGINE, NOISE } from '../profile';
import { countAngles, operation, operationSource } from '../program/operations';
import { arrangeBits, countColumns } from '../program/row-bits';
import { measureSteps, measuredSites, measuredWork, writeSteps } from './heisenberg/steps';
import { operationWork } from './noisy/operations';
import { orderUndone } from './noisy/walk';
import {
  batchPairs,
  blocks,
  displacedLanes,
  matrixWidth,
  shapeColumns,
  shapeHeisenberg,
  shapeMixed,
  shapeSamples,
  shapeTrajectories,
} from './shape';

/** Whether no visible operation takes its angle from a feature. */
function isLinear(): bool {
  for (let i = field(Field.ActiveOperations) - 1; i >= 0; i--) {
    if (operationSource(operation(i)) == Source.Feature) return false;
  }
  return true;
}

/** Multiplications of one pass over a full mini-batch, roughly, two lanes at a time: gates, then measurement. */
function samplesCost(): f64 {
  const rows = <f64>((<u32>1) << integer(Option.Qubits));
  const lanes = runsWide() ? 0.5 : 1.0;
  return batchPairs() * lanes * rows * <f64>(8 * field(Field.GateCount) + 2 * field(Field.TermCount));
}

/** Measuring a laid-out batch: a quadratic form per term, or all probabilities. */
function formsCost(): f64 {
  const columns = <f64>field(Field.Columns);
  const rows = <f64>((<u32>1) << popcnt<u32>(field(Field.VisibleBits)));
  const joint = integer(Option.Shots) > 0 && field(Field.JointShots) != 0;
  return (
    batchPairs() *
    blocks() *
    (joint ? columns * rows * 4 : <f64>field(Field.TermCount) * columns * columns * 0.5)
  );
}

function columnsCost(): f64 {
  const rows = <f64>((<u32>1) << popcnt<u32>(field(Field.VisibleBits)));
  const pairs = <f64>(matrixWidth() >> 1);
  const terms = <f64>field(Field.TermCount);
  return (
    formsCost() + pairs * rows * (<f64>(8 * field(Field.GateCount)) + terms * (2 + <f64>field(Field.Columns)))
  );
}

/**
 * Counts what the Heisenberg engine would need, into `Field.StepBytes`, `StepWork` and `StepSites`.
 * @returns whether it can run the program: without joint shots, nor displaced angles where there is no sweep for them, and with short enough vectors
 */
function countSteps(): bool {
  let bytes = <f64>((4 * field(Field.TermCount) + 15) & ~15);
  let work: f64 = 0;
  let sites: u32 = 0;
  if (field(Field.JointShots) != 0 || (displacesAngles() && !DISPLACED_SWEEP)) return false;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const list = measureSteps(t, field(Field.FeatureBits));
    if (list == 0) return false;
    bytes += <f64>list;
    work += <f64>measuredWork();
    sites = max(sites, measuredSites());
  }
  if (bytes > 1073741824.0) return false;
  setField(Field.StepBytes, <i32>bytes);
  setField(Field.StepWork, <i32>min<f64>(work, 2147483647.0));
  setField(Field.StepSites, sites);
  return true;
}

/**
 * A vector's turn takes nine multiplications for four strings, and the way forward three such passes. The sweep for
 * displaced angles takes two, two lanes at a time, and leaves a product for each lane of every displaced circuit. Other
 * engines then make two passes for each angle, on average half way: what is counted of all is the cost of one pass.
 */
function heisenbergCost(): f64 {
  const strings = <f64>field(Field.StepWork);
  if (!sweepsAngles()) return formsCost() + 2 * strings;
  // Of a step, which moves a block of them.
  const angles = <f64>countAngles(0, field(Field.ActiveOperations)) / max(field(Field.Blocks), 1);
  const lanes = <f64>displacedLanes();
  const forms = 2 * angles * batchPairs() * <f64>field(Field.TermCount) * lanes;
  return (formsCost() + forms + strings * (1 + 2.25 * lanes)) / (1 + angles);
}

/** Puts the lists of steps where `shapeHeisenberg` made room for them. */
function writeTerms(): void {
  const table = buffer(Buffer.Steps);
  let list = (table + <usize>(4 * field(Field.TermCount)) + 15) & ~15;
  for (let t = 0; t < field(Field.TermCount); t++) {
    store<u32>(table + ((<usize>t) << 2), <u32>list);
    list = writeSteps(t, field(Field.ColumnBits), list);
  }
}

/** Gives a laid-out engine its shape, and the program its form for it. @returns whether there is room */
function settle(engine: Engine): bool {
  const heisenberg = HEISENBERG_ENGINE && engine == Engine.Heisenberg;
  const vector = <f64>vectorBytes(field(Field.StepSites));
  if (!fits(heisenberg ? shapeHeisenberg(vector, <f64>field(Field.StepBytes)) : shapeColumns())) return false;
  arrangeBits();
  if (heisenberg) writeTerms();
  return true;
}

/** Bytes of an arena in one page, beside the fixed part that comes before it. */
const PAGE_BYTES: f64 = 61440;

/** Whether the arena would stay within a page with so many bytes of work area. */
function staysInPage(bytes: f64): bool {
  return <f64>(buffer(Buffer.State) - buffer(Buffer.Operations)) + bytes <= PAGE_BYTES;
}

/**
 * Whether the work area is large enough; if not, `Field.WorkWanted` says what is wanted: by the first engine tried, or
 * by a later one where that one alone would leave the arena within a page.
 */
function fits(bytes: f64): bool {
  if (bytes <= <f64>workBytes()) return true;
  const wanted = field(Field.WorkWanted);
  if (wanted == 0 || (COLUMN_ENGINES && staysInPage(bytes) && !staysInPage(<f64>wanted)))
    setField(Field.WorkWanted, <i32>min<f64>(bytes, 2147483647.0));
  return false;
}

/** A laid-out engine where one is asked for, or is cheaper than samples and fits. @returns 1, 0 for samples, or a status */
function chooseLaidOut(): i32 {
  const wanted = integer(Option.Engine);
  countColumns();
  const reachable = HEISENBERG_ENGINE && countSteps();
  if (wanted == Engine.Heisenberg && !reachable) return Status.BadCombination;
  if (wanted != Engine.Auto) return settle(wanted) ? 1 : Status.OutOfMemory;
  const samples = samplesCost();
  const columns = columnsCost();
  const heisenberg = reachable ? heisenbergCost() : Infinity;
  const first = heisenberg < columns ? Engine.Heisenberg : Engine.Columns;
  if (min(heisenberg, columns) >= samples) return 0;
  if (settle(first)) return 1;
  if (max(heisenberg, columns) >= samples) return 0;
  return settle(first == Engine.Columns ? Engine.Heisenberg : Engine.Columns) ? 1 : 0;
}

/** The engine of a circuit with noise, or of one that is to run as if it had some. @returns as `chooseEngine` */
function chooseNoisy(linear: bool): i32 {
  const wanted = integer(Option.Engine);
  if (callerMeasures() || (wanted != Engine.Auto && !isNoisy(wanted))) return Status.NoisyCircuit;
  orderUndone();
  const shots = integer(Option.Shots);
  let trajectories = wanted == Engine.Trajectories;
  if (wanted == Engine.Auto && shots > 0) {
    // An operation on Pauli vectors costs as much as 2^(n - 1) on states, which run once a shot.
    const runs = <f64>shots * max(field(Field.MeasurementBases), 1);
    trajectories = <f64>operationWork() > runs || shapeMixed(linear) > MAX_WORKSPACE;
  }
  return fits(trajectories ? shapeTrajectories(linear) : shapeMixed(linear)) ? Status.Ok : Status.OutOfMemory;
}

/**
 * Settles the engine: the configured one, or the cheapest of those that fit. `Field.WorkWanted` then is the work
 * area that the configured or a cheaper one wants and does not have, or 0: the cheapest, if it stays within a page.
 * @returns BadCombination when the configured engine cannot run this program or is not in this build,
 *   OutOfMemory when the work area is too small, NoisyCircuit
 */
export function chooseEngine(): i32 {
  const amplitudes = integer(Option.Encoding) == Encoding.Amplitude;
  // Encoded samples differ in the lowest amplitude bits.
  setField(Field.FeatureBits, amplitudes ? 32 - clz<i32>(integer(Option.Features) - 1) : 0);
  const linear = isLinear();
  const wanted = integer(Option.Engine);
  setField(Field.WorkWanted, 0);
  if (NOISE && (field(Field.ChannelCount) > 0 || extrapolates() || calibrates() || isNoisy(wanted)))
    return chooseNoisy(linear);
  // Laid out, an observable is pulled back for all samples at once.
  const apart = splitsGradient() && pullsBack();
  if (isLaidOut(wanted) && (!(COLUMN_ENGINES && linear) || apart)) return Status.BadCombination;
  if (COLUMN_ENGINES && linear && !apart && wanted != Engine.Samples && !callerMeasures()) {
    const chosen = chooseLaidOut();
    if (chosen != 0) return min(chosen, Status.Ok);
  }
  return fits(shapeSamples(linear)) ? Status.Ok : Status.OutOfMemory;
}
