/** The core with a counter in every branch: its sources as text, and what each counter belongs to. */
import { parse } from '@babel/parser';
import traverse from '@babel/traverse';

/** The name of a counter: a global of the module. @param {number} id */
export const counter = (id) => `__branch${id}`;

/**
 * A place where text goes in.
 * @typedef {object} Insert
 * @property {number} at
 * @property {string} text
 * @property {boolean} opens whether something begins with it; else something ends
 */

/** As JavaScript's parser takes it: AssemblyScript has decorators where there are no classes. @param {string} text */
const parsed = (text) =>
  parse(
    text.replace(/^[ \t]*@\w+(?:\([^)]*\))?/gm, (decorator) => decorator.replace(/./g, ' ')),
    { sourceType: 'module', plugins: ['typescript'], allowUndeclaredExports: true },
  );

/**
 * A source with a counter set in each branch: both ways of a condition, what comes behind && and ||, the body of a loop, a
 * case.
 * @param {string} text
 * @param {() => number} next gives the number of the next counter
 */
export function counted(text, next) {
  /** @type {Insert[]} */
  const inserts = [];
  const set = () => `${counter(next())} = 1`;
  /** @param {number} at @param {string} put */
  const open = (at, put) => inserts.push({ at, text: put, opens: true });
  /** @param {number} at @param {string} put */
  const close = (at, put) => inserts.push({ at, text: put, opens: false });
  /** @param {import('@babel/types').Node} node */
  const place = ({ start, end }) => ({ start: start ?? 0, end: end ?? 0 });
  /** @param {import('@babel/types').Expression} node */
  const expression = (node) => {
    open(place(node).start, `(${set()}, `);
    close(place(node).end, ')');
  };
  /** @param {import('@babel/types').Statement} node */
  const statement = (node) => {
    const { start, end } = place(node);
    if (node.type === 'BlockStatement') {
      open(start + 1, ` ${set()};`);
    } else {
      open(start, `{ ${set()}; `);
      close(end, ' }');
    }
  };
  traverse.default(parsed(text), {
    IfStatement({ node }) {
      if (!node.alternate) close(place(node).end, ` else { ${set()}; }`);
      statement(node.consequent);
      if (node.alternate) statement(node.alternate);
    },
    Loop: ({ node }) => statement(node.body),
    SwitchCase({ node }) {
      const [first] = node.consequent;
      if (first) open(place(first).start, `${set()}; `);
    },
    ConditionalExpression(path) {
      // What is outside of a function is a constant, which the compiler works out.
      if (path.getFunctionParent() === null) return;
      expression(path.node.consequent);
      expression(path.node.alternate);
    },
    LogicalExpression(path) {
      if (path.getFunctionParent() !== null) expression(path.node.right);
    },
  });
  // At one place what ends comes first, the innermost before the others; of what begins the outermost does.
  const order = inserts
    .map((each, i) => ({ ...each, rank: each.opens ? i : -1 - i }))
    .sort((a, b) => a.at - b.at || a.rank - b.rank);
  let [made, from] = ['', 0];
  for (const { at, text: put } of order) {
    made += text.slice(from, at) + put;
    from = at;
  }
  return made + text.slice(from);
}
