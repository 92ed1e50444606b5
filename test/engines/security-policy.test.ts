/**
 * The library under a strict content security policy, in Chromium: it trains, predicts, runs circuits and reads a CSV where
 * scripts come from the page's own origin, nothing is evaluated, and WebAssembly may be compiled; and nothing less will do.
 * Skipped without Chromium, or failed where all engines are wanted.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { describe, test } from 'node:test';
import { ensureBuilt } from '../support/built.mjs';
import { without } from '../support/installed.ts';
import { firstOf, ROOT } from './engine.ts';
import { CHROMIUM_PROGRAM, visit } from './engines-browser.ts';

/** What host/README.md says that a page needs. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

const program = firstOf(...CHROMIUM_PROGRAM.programs);
const skip = without(program === undefined ? `Chromium, by ${CHROMIUM_PROGRAM.needs}` : undefined);

const PARTS = ['index', 'training', 'head-refit', 'release-core', 'circuits', 'data', 'qpu'].map(
  (name) => `dist/${name}.js`,
);

const PAGE = '<!doctype html><script type="module" src="/page.js"></script>';
const SCRIPT = `
const violations = [];
document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) =>
  violations.push(effectiveDirective + ' ' + blockedURI));
const answer = {};
try {
  const { loadModel, Trainer } = await import('/dist/index.js');
  const { expectation } = await import('/dist/circuits.js');
  const { parseCsv } = await import('/dist/data.js');
  const { qpu } = await import('/dist/qpu.js');
  const dataset = parseCsv('a,b,kind\\n1,2,x\\n2,1,y\\n1,3,x\\n3,1,y\\n', { name: 'rows.csv', label: 'kind' });
  const trainer = await Trainer.create({ model: { qubits: 2, features: 2 }, training: { steps: 30, shots: 10, shotsBudget: 100_000, refitHead: 0.2 }, dataset });
  for await (const _ of trainer.fit({ ascent: true }));
  const model = await loadModel(trainer.save());
  answer.trace = trainer.trace;
  answer.names = model.predict([[1, 2], [3, 1]]).map(({ name }) => name);
  answer.value = await expectation([{ gate: 'h', qubits: [0] }], 'X0', []);
  answer.entry = typeof qpu;
} catch ({ name, code, message }) {
  answer.error = { name, code, message };
}
try {
  new Function('')();
  answer.evaluates = true;
} catch {
  answer.evaluates = false;
}
await fetch('/', { method: 'POST', body: JSON.stringify({ ...answer, violations }) });
`;

interface Answer {
  readonly trace?: string;
  readonly names?: readonly string[];
  readonly value?: number;
  readonly entry?: string;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string };
  readonly evaluates: boolean;
  readonly violations: readonly string[];
}

/** Serves the page and the package's files, all under a policy. */
function serve(policy: string, answered: (answer: Answer) => void): Server {
  const scripts = PARTS.map((path) => [`/${path}`, readFileSync(ROOT + path, 'utf8')] as const);
  const files = new Map<string, string>([['/', PAGE], ['/page.js', SCRIPT], ...scripts]);
  return createServer((request, response) => {
    if (request.method === 'POST') {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        response.end();
        answered(JSON.parse(body) as Answer);
      });
      return;
    }
    const text = files.get(request.url ?? '/');
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': `text/${request.url === '/' ? 'html' : 'javascript'}; charset=utf-8`,
      'content-security-policy': policy,
    });
    response.end(text);
  });
}

const under = (policy: string) => {
  for (const path of PARTS) ensureBuilt(path);
  return visit<Answer>(program ?? 'chromium', CHROMIUM_PROGRAM, (answered) => serve(policy, answered));
};

describe('a strict content security policy', { skip }, () => {
  test('is met, with the source that WebAssembly needs', async () => {
    const answer = await under(POLICY);
    assert.equal(answer.error, undefined);
    assert.match(answer.trace ?? '', /^[0-9a-f]{16}$/);
    assert.deepEqual(answer.names, ['x', 'y']);
    assert.ok(Math.abs((answer.value ?? 0) - 1) < 1e-12);
    assert.equal(answer.entry, 'function');
    assert.equal(answer.evaluates, false);
    // Of the attempt of this very test to evaluate a text.
    assert.deepEqual(
      [...new Set(answer.violations)].filter((text) => !/^script-src(-elem)? eval$/.test(text)),
      [],
    );
  });

  test('without that source is a typed error that speaks of the policy', async () => {
    const { error } = await under(POLICY.replace(" 'wasm-unsafe-eval'", ''));
    assert.equal(error?.name, 'CoreError');
    assert.equal(error?.code, 'ERR_CORE_MODULE');
    assert.match(error?.message ?? '', /Content Security Policy/i);
  });
});

test('the page says which policy this is', () => {
  assert.ok(readFileSync(`${ROOT}host/README.md`, 'utf8').includes(`\`${POLICY}\``));
});
