/** Getters of the ABI: addresses of the buffers a host may read or write, and facts of the program. */
import { ABI_VERSION, Option } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { imageAddress, imageCapacity } from '../memory/map';
import { integer } from '../memory/options';
import { REAL } from '../memory/reals';
import { Buffer, Field, Stage, buffer, field, setField } from '../memory/registers';
import { slot } from '../memory/report';
import { EFFECTIVE_FORM } from '../profile';
import { qubitMask } from '../program/observable';

/** `ABI_VERSION`. */
export function abiVersion(): i32 {
  return ABI_VERSION;
}

/** 8 in the double-precision builds, 4 in device-f32: the width of every buffer of reals. */
export function realBytes(): i32 {
  return <i32>REAL;
}

/** A buffer's address once `init` has laid it out, 0 before. */
function address(name: Buffer): i32 {
  return field(Field.Stage) == Stage.Configuring ? 0 : <i32>buffer(name);
}

/** A fact of the compiled program, 0 before `compile`. */
function compiled(name: Field): i32 {
  return field(Field.Stage) == Stage.Compiled ? field(name) : 0;
}

/** Features of the mini-batch, reals [B][d]. */
export function featuresAddress(): i32 {
  return address(Buffer.Features);
}

/** Labels of the mini-batch, i32 [B]: a class index, or below 0 for none (predict only). */
export function labelsAddress(): i32 {
  return address(Buffer.Labels);
}

/**
 * Targets of the mini-batch, reals [B]: numbers that z is to be; not-a-number for none (predict only).
 * @returns 0 without `Option.Targets`
 */
export function targetsAddress(): i32 {
  return integer(Option.Targets) != 0 ? address(Buffer.Targets) : 0;
}

/**
 * Weights of the mini-batch, reals [B], from 0: the loss is sum_i w_i l_i / B. All 0 after `init`.
 * @returns 0 without `Option.Weights`
 */
export function weightsAddress(): i32 {
  return integer(Option.Weights) != 0 ? address(Buffer.Weights) : 0;
}

/** Indices into the training set that the step wants, i32 [B]. */
export function indicesAddress(): i32 {
  return address(Buffer.Indices);
}

/** All parameters, reals: circuit, head weights row by row, head biases. */
export function parametersAddress(): i32 {
  return address(Buffer.Parameters);
}

/** Gradient of the mini-batch loss at the last step's start, laid out as the parameters. */
export function gradientAddress(): i32 {
  return address(Buffer.Gradient);
}

/** Model outputs, reals [B][max(1, C)]. */
export function outputsAddress(): i32 {
  return address(Buffer.Outputs);
}

/** The report, f64 [REPORT_COUNT] in every build; its slots are `Report`. */
export function reportAddress(): i32 {
  return field(Field.Stage) == Stage.Configuring ? 0 : <i32>slot(0);
}

/** Where images are put and found. Moves with `init`: ask each time. A step or a prediction overwrites it. */
export function imageAddressOf(): i32 {
  if (EFFECTIVE_FORM) setField(Field.Effective, 0);
  return <i32>imageAddress();
}

/** Bytes of the image area. */
export function imageRoom(): i32 {
  return imageCapacity();
}

/** Circuit parameters and the head's weights and biases; 0 before `init`. */
export function parameterTotal(): i32 {
  return field(Field.Stage) == Stage.Configuring ? 0 : parameterCount();
}

/** The `Engine` that runs the program; 0 before `compile`. */
export function engineInUse(): i32 {
  return compiled(Field.Engine);
}

/**
 * After `compile`: 0 when the engine has the work area it wants. Otherwise the bytes that the engine asked
 * for, or for `Engine.Auto` the cheaper one, would get from `Option.Workspace`.
 */
export function workspaceWanted(): i32 {
  return field(Field.WorkWanted);
}

/** Trainable circuit parameters inside the observable's light cone; 0 before `compile`. */
export function activeParameters(): i32 {
  return compiled(Field.ActiveParameters);
}

/** Mask over qubits (bit q is qubit q) of what the observable can see of the start state; 0 before `compile`. */
export function visibleQubits(): i32 {
  return <i32>qubitMask(compiled(Field.VisibleBits));
}
