/**
 * How the columns engine numbers bits: rows only for qubits that the observable can see, and of a sample's
 * feature bits those first that it can see. The samples engine keeps every amplitude bit as its row bit.
 */
import { Encoding, Option } from '../abi/codes';
import { integer } from '../memory/options';
import { Buffer, Field, IMAGES, QUBITS, buffer, field, setField } from '../memory/registers';
import { setTermMasks, term, termX, termZ } from './observable';
import { operation, operationA, operationB, setOperationBits } from './operations';

/** Feature bits of `mask`, moved together. */
function gathered(bits: u32, mask: u32): u32 {
  let result: u32 = 0;
  let to: u32 = 0;
  for (; mask > 0; mask &= mask - 1) result |= ((bits >> ctz<u32>(mask)) & 1) << to++;
  return result;
}

/** Counts the columns: one past the highest that a sample's features reach. */
export function countColumns(): void {
  const mask = (<u32>field(Field.VisibleBits)) & (((<u32>1) << field(Field.FeatureBits)) - 1);
  const features = integer(Option.Encoding) == Encoding.Amplitude ? integer(Option.Features) : 1;
  let highest: u32 = 0;
  for (let k = 0; k < features; k++) highest = max(highest, gathered(k, mask));
  setField(Field.Columns, highest + 1);
  setField(Field.ColumnBits, popcnt<u32>(mask));
}

function moved(bit: u32): u32 {
  return load<u32>(IMAGES + (bit << 2));
}

/** A mask in the new numbering. */
function movedMask(mask: u32): u32 {
  let result: u32 = 0;
  for (; mask > 0; mask &= mask - 1) {
    const bit = ctz<u32>(mask);
    result |= (<u32>1) << moved(bit);
  }
  return result;
}

/**
 * Gives visible amplitude bits the first numbers, keeping their order, in the circuit, the observable and
 * the table of qubits; the others, which no visible operation touches, get the rest.
 */
export function arrangeBits(): void {
  const qubits = <u32>integer(Option.Qubits);
  const visible = <u32>field(Field.VisibleBits);
  let seen: u32 = 0;
  let hidden = popcnt<u32>(visible);
  for (let bit: u32 = 0; bit < qubits; bit++) {
    const isVisible = ((visible >> bit) & 1) != 0;
    const number = isVisible ? seen++ : hidden++;
    store<u32>(IMAGES + (bit << 2), number);
    store<u8>(QUBITS + number, <u8>(qubits - 1 - bit));
  }
  for (let i = field(Field.OperationCount) - 1; i >= 0; i--) {
    const record = operation(i);
    setOperationBits(record, moved(operationA(record)), moved(operationB(record)));
  }
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const record = term(t);
    setTermMasks(record, movedMask(termX(record)), movedMask(termZ(record)));
  }
  setField(Field.VisibleBits, movedMask(visible));
  placeFeatures(visible);
}

/** The place of every feature in a laid-out sample: hidden index bits say its block, visible ones its column. */
function placeFeatures(visible: u32): void {
  const all = ((<u32>1) << field(Field.FeatureBits)) - 1;
  const features = integer(Option.Encoding) == Encoding.Amplitude ? integer(Option.Features) : 0;
  for (let k = 0; k < features; k++) {
    const place = gathered(k, visible & all) | (gathered(k, ~visible & all) << field(Field.ColumnBits));
    store<u32>(buffer(Buffer.Places) + ((<usize>k) << 2), place);
  }
}
