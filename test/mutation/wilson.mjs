/** How sure a share is that was found by a sample. */

/**
 * The interval of Wilson that has 95 % of confidence for a share.
 * @param {number} part @param {number} whole
 * @returns {[number, number]}
 */
export function wilson(part, whole) {
  const z = 1.959964;
  const share = part / whole;
  const centre = share + z ** 2 / (2 * whole);
  const half = z * Math.sqrt((share * (1 - share)) / whole + (z / (2 * whole)) ** 2);
  return [(centre - half) / (1 + z ** 2 / whole), (centre + half) / (1 + z ** 2 / whole)];
}
