/**
 * Keeps the files of the page, so that it opens without a network. All of one build are fetched together, under the build's
 * own name; a new build takes the place of the old one when its files are there.
 */

/** What a service worker's global scope has for us. */
interface Scope {
  addEventListener(type: string, listener: (event: ExtendableEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
  respondWith(response: Promise<globalThis.Response>): void;
  readonly request: globalThis.Request;
}

/** Set by the build: a hash over all files, and their names from the page. */
declare const BUILD: string;
declare const FILES: readonly string[];

const scope = globalThis as unknown as Scope;
const CACHE = `nlr-vqa-lab ${BUILD}`;

scope.addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' })));
    await scope.skipWaiting();
  };
  event.waitUntil(keep());
});

scope.addEventListener('activate', (event) => {
  const clear = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('nlr-vqa-lab ') && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await scope.clients.claim();
  };
  event.waitUntil(clear());
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const answer = async () => {
    const cache = await caches.open(CACHE);
    return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
  };
  event.respondWith(answer());
});
