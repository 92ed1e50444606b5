/** The traits of members, as numbers with a bit for each member that has it. */
import { ENGINES, GRADIENTS, type MemberRow, OPERATIONS } from '../../../assembly/abi/enumerations.table.ts';
import { REPORT, type SlotKind } from '../../../assembly/abi/report.table.ts';
import { type RuleRow, RULES } from '../../../assembly/abi/rules.table.ts';
import { bits } from './text.ts';

/** A yes or no about the members of an enumeration. */
export interface Trait {
  /** Name of the number. */
  readonly name: string;
  /** Name of the core's function that asks it, and of what it asks it of. */
  readonly asks: string;
  readonly of: string;
  /** What is said of one that has it. */
  readonly does: string;
  /** A bit for each member that has it. */
  readonly bits: number;
}

const having = (rows: readonly MemberRow[], trait: string) =>
  bits(rows.filter((row) => (row as unknown as Record<string, unknown>)[trait] === true));

/** Slots of the report of one kind. */
const holding = (kind: SlotKind) => bits(REPORT.filter((slot) => slot.kind === kind));

export const TRAITS: readonly Trait[] = [
  {
    name: 'LAID_OUT_ENGINES',
    asks: 'isLaidOut',
    of: 'engine',
    does: 'lays the circuit out once for all samples',
    bits: having(ENGINES, 'laidOut'),
  },
  {
    name: 'NOISY_ENGINES',
    asks: 'isNoisy',
    of: 'engine',
    does: 'runs noise channels',
    bits: having(ENGINES, 'noisy'),
  },
  {
    name: 'ROTATIONS',
    asks: 'isRotation',
    of: 'operation',
    does: 'turns by an angle',
    bits: having(OPERATIONS, 'rotation'),
  },
  {
    name: 'TWO_QUBIT_OPERATIONS',
    asks: 'isTwoQubit',
    of: 'operation',
    does: 'acts on two qubits',
    bits: having(OPERATIONS, 'twoQubit'),
  },
  {
    name: 'ROTATIONS_BY_X',
    asks: 'turnsByX',
    of: 'operation',
    does: 'turns about a string with X or Y on its qubits',
    bits: having(OPERATIONS, 'byX'),
  },
  {
    name: 'ROTATIONS_BY_Z',
    asks: 'turnsByZ',
    of: 'operation',
    does: 'turns about a string with Z or Y on its qubits',
    bits: having(OPERATIONS, 'byZ'),
  },
  {
    name: 'EXACT_GRADIENTS',
    asks: 'isExactOnly',
    of: 'gradient',
    does: 'needs exact expectations',
    bits: having(GRADIENTS, 'exactOnly'),
  },
  {
    name: 'PULLING_GRADIENTS',
    asks: 'isPullingBack',
    of: 'gradient',
    does: 'pulls the observable back through the states of the loss',
    bits: having(GRADIENTS, 'pullsBack'),
  },
  {
    name: 'DISPLACING_GRADIENTS',
    asks: 'isDisplacing',
    of: 'gradient',
    does: 'runs circuits with displaced angles from the state before their gate',
    bits: having(GRADIENTS, 'displaces'),
  },
  {
    name: 'PASSING_GRADIENTS',
    asks: 'isMadeOfPasses',
    of: 'gradient',
    does: 'is made of whole passes over the batch',
    bits: bits(
      (GRADIENTS as readonly (MemberRow & { file?: string })[]).filter(({ file }) => file !== undefined),
    ),
  },
  {
    name: 'TENTATIVE_RULES',
    asks: 'isTentative',
    of: 'rule',
    does: 'tries a step and looks at the loss behind it',
    bits: having(RULES, 'tentative'),
  },
  {
    name: 'BACKTRACKING_RULES',
    asks: 'isBacktracking',
    of: 'rule',
    does: 'tries shorter steps until one will do, and reads no negative rate',
    bits: having(RULES, 'backtracks'),
  },
  {
    name: 'RESTARTING_RULES',
    asks: 'isRestarting',
    of: 'rule',
    does: 'may draw all parameters again',
    bits: having(RULES, 'restarts'),
  },
  {
    name: 'PER_SAMPLE_RULES',
    asks: 'isPerSample',
    of: 'rule',
    does: 'reads what each sample adds to the gradient',
    bits: having(RULES, 'perSample'),
  },
  {
    name: 'SQUARING_RULES',
    asks: 'isSquaring',
    of: 'rule',
    does: 'keeps a mean of squares, in the second of its vectors or the only one',
    bits: having(RULES, 'squares'),
  },
  {
    name: 'POOLING_RULES',
    asks: 'isPooling',
    of: 'rule',
    does: 'draws the samples of its gradient from the mini-batch, and fits the head by Newton steps',
    bits: having(RULES, 'pooling'),
  },
  {
    name: 'DISPLACING_RULES',
    asks: 'isReadingAngles',
    of: 'rule',
    does: 'reads what single displaced circuits give',
    bits: having(RULES, 'displacing'),
  },
  {
    name: 'EPSILON_RULES',
    asks: 'isReadingEpsilon',
    of: 'rule',
    does: 'divides by something plus epsilon',
    bits: bits((RULES as readonly RuleRow[]).filter(({ reads }) => reads?.includes('Epsilon'))),
  },
  {
    name: 'SHARE_SLOTS',
    asks: 'isShare',
    of: 'slot',
    does: 'holds a number from 0 to 1',
    bits: holding('share'),
  },
  {
    name: 'NUMBER_SLOTS',
    asks: 'isNumber',
    of: 'slot',
    does: 'holds a finite number',
    bits: holding('number'),
  },
  {
    name: 'MEASURE_SLOTS',
    asks: 'isMeasure',
    of: 'slot',
    does: 'holds any float',
    bits: holding('measure'),
  },
];
