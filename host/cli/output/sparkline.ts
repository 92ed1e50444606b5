/** A series as one line of blocks. */

/** From low to high. */
const BLOCKS = '▁▂▃▄▅▆▇█';

/**
 * Each value as a block, by where it is between two numbers; a blank where there is none.
 * @param values null where there is no value
 * @param least what the lowest block stands for
 * @param greatest what the highest does
 */
export function sparkline(values: readonly (number | null)[], least: number, greatest: number): string {
  const most = BLOCKS.length - 1;
  return values
    .map((value) => {
      if (value === null) return ' ';
      const share = greatest > least ? (value - least) / (greatest - least) : 0;
      return BLOCKS[Math.round(most * Math.min(1, Math.max(0, share)))];
    })
    .join('');
}
