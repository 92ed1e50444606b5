/** Texts of a report with the signs that print has and a terminal may not: `eta' = 0.02` as `η′ = 0.02`. */

const GREEK: Readonly<Record<string, string>> = {
  ...{ alpha: 'α', eta: 'η', theta: 'θ', kappa: 'κ', nu: 'ν', xi: 'ξ', pi: 'π', sigma: 'σ', tau: 'τ' },
  ...{ epsilon: 'ε', Delta: 'Δ', Phi: 'Φ' },
};
const LETTER = new RegExp(`(?<![A-Za-z])(?:${Object.keys(GREEK).join('|')})(?![A-Za-z-])`, 'g');

const raised = (text: string) => text.replace(/[-\d]/g, (sign) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(sign)]);
const lowered = (text: string) =>
  text.replace(/\d/g, (sign) => '₀₁₂₃₄₅₆₇₈₉'[Number(sign)]).replace('_i', 'ᵢ');

/** What is replaced, in this order. */
const RULES: readonly (readonly [RegExp, string | ((...found: readonly string[]) => string)])[] = [
  [LETTER, (letter) => GREEK[letter]],
  [/Δ θ/g, 'Δθ'],
  [/η'/g, 'η′'],
  [/\bgrad (?=[LCf<])/g, '∇'],
  [/<(Z(?:\d|_i)?|O)>/g, (_, inside) => `⟨${lowered(inside)}⟩`],
  [/>=/g, '≥'],
  [/<=/g, '≤'],
  [/\bsqrt(?=\()/g, '√'],
  [/\.{3}/g, '…'],
  [/\|0…0>/g, '|0…0⟩'],
  [/\bg\.(?=[HG∇]|\()/g, 'g·'],
  [/\^(-?\d+)/g, (_, power) => raised(power)],
  [/(\d)e(-?\d+)\b/g, (_, digit, power) => `${digit} × 10${raised(power)}`],
  [/(?<=^|[\s([,;±])-(?=\d|π)/g, '−'],
  [/(?<=[\d)⟩]) - (?=[\d(c⟨])/g, ' − '],
  [/"([^"]*)"/g, '“$1”'],
];

/** The text, set. What stands between backticks is left as it is. */
export function typeset(text: string): string {
  return text
    .split('`')
    .map((part, i) =>
      i % 2 === 1 ? part : RULES.reduce((so, [from, to]) => so.replace(from, to as string), part),
    )
    .join('`');
}
