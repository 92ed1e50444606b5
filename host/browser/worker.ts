/**
 * The worker of the page: the library at work, through its published entries, away from the thread that draws. A request
 * names a call and gets one response; batches of a race come by themselves.
 */
import { NlrError } from '../index.ts';
import type { Arm } from './settings/settings.ts';
import type { Calls, Failure, Request, Response } from './work/messages.ts';
import { workbench } from './work/workbench.ts';

/** What a worker's global scope has for us. */
interface Scope {
  postMessage(message: Response, transfer: Transferable[]): void;
  onmessage: ((event: { readonly data: Request }) => void) | null;
}
const scope = globalThis as unknown as Scope;

/** Sends a message; the arrays in it change hands. */
function send(message: Response): void {
  const buffers: ArrayBuffer[] = [];
  const look = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) buffers.push(value.buffer as ArrayBuffer);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  if ('batch' in message) look(message);
  scope.postMessage(message, [...new Set(buffers)]);
}

/** A file that lies beside the page. */
async function beside(name: string): Promise<Uint8Array> {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name} is not there: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const bench = workbench(
  (name) => beside(`mnist-0-1/${name}`),
  (batch) => send({ batch }),
);

/** What the other pages need is fetched when they are first looked at. */
const fit = () => import('./work/fit.ts');
const plateau = () => import('./work/plateau.ts');
const problems = () => import('./work/problems.ts');

/** The run of the problem that is being solved. */
let solving = -1;

/** Counts the requests for variances, of which the latest counts. */
let varying = 0;

const calls: Calls = {
  ...bench.calls,
  async fits(settings, arm) {
    const { train, features } = bench.prepared();
    const { fitsOf } = await fit();
    return fitsOf(settings, settings.arms[arm] as Arm, features, train.classes.length, beside);
  },
  async solve(run, settings, arm) {
    solving = run;
    const { solve } = await problems();
    const goesOn = () => solving === run;
    await solve(run, settings, settings.arms[arm] as Arm, (progress) => send({ progress }), goesOn);
  },
  async stopSolving() {
    solving = -1;
  },
  ways: async (settings) => (await plateau()).waysOf(settings),
  async slice(settings, arm) {
    const { sliceOf } = await plateau();
    return sliceOf(settings, bench.prepared(), bench.trainerAt(arm).parameters);
  },
  async variances(settings) {
    const mine = ++varying;
    const { variances } = await plateau();
    await variances(
      settings,
      (variance) => mine === varying && send({ variance }),
      () => mine === varying,
    );
  },
  async stopVariances() {
    varying++;
  },
  async firmware(target, arm) {
    const { firmware } = await fit();
    return bench.inTurn(() => firmware(target, bench.trainerAt(arm), beside));
  },
};

function failureOf(error: unknown): Failure {
  const code = error instanceof NlrError ? error.code : 'ERR_LAB';
  return { code, message: error instanceof Error ? error.message : String(error) };
}

scope.onmessage = ({ data: { id, call, args } }) => {
  const made = calls[call as keyof Calls] as (...args: readonly unknown[]) => Promise<unknown>;
  made(...args).then(
    (value) => send({ id, value }),
    (error: unknown) => send({ id, failure: failureOf(error) }),
  );
};
