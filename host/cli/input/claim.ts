/** `loss=1.55e-4,gradient=6.38,parameters=90`: figures that somebody reports. */
import { decimal } from '../../data/dataset.ts';
import type { Claim } from '../../plateau/claims.ts';
import { UsageError } from '../output/failure.ts';

const NEEDED = ['loss', 'gradient', 'parameters'] as const;
const MORE = ['outputs', 'samples'] as const;

/** Reads them. @throws UsageError */
export function claimFlag(text: string): Claim {
  const found: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([a-z]+)\s*=\s*(\S+)\s*$/.exec(part) ?? [];
    const number = decimal(value);
    const isKnown = ([...NEEDED, ...MORE] as string[]).includes(name);
    if (!isKnown || number === undefined || !Number.isFinite(number) || name in found) {
      const message = `--claim has '${part}'; expected each of ${NEEDED.join(', ')} once, as in loss=1.55e-4,gradient=6.38,parameters=90, and ${MORE.join(', ')} if they are known`;
      throw new UsageError(message);
    }
    found[name] = number;
  }
  const lacking = NEEDED.find((name) => !(name in found));
  if (lacking !== undefined) throw new UsageError(`--claim has no ${lacking}; expected ${lacking}=NUMBER`);
  return found as unknown as Claim;
}
