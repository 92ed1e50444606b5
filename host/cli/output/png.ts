/**
 * SVG as PNG, by resvg: a chunk of its own, with a module and two fonts beside it, which only who draws loads. The fonts come
 * along so that a picture has the same bytes on every machine.
 */
import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** Pixels of the picture for each of the drawing. */
const ZOOM = 2;

const FONT = 'DejaVu Sans';

/** What lies beside this file in dist/. */
const beside = async (name: string) => new Uint8Array(await readFile(new URL(`./${name}`, import.meta.url)));

let ready: Promise<readonly Uint8Array[]> | undefined;

/** Starts the module once. @returns the fonts */
function start(): Promise<readonly Uint8Array[]> {
  ready ??= (async () => {
    await initWasm(await beside('resvg.wasm'));
    return Promise.all(['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => beside(`fonts/${name}`)));
  })();
  return ready;
}

/** Draws an SVG file as it looks on a light page. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const fontBuffers = [...(await start())];
  const font = { fontBuffers, defaultFontFamily: FONT, sansSerifFamily: FONT };
  const light = svg.replace(/<style>.*?<\/style>/s, '');
  return new Resvg(light, { font, fitTo: { mode: 'zoom', value: ZOOM } }).render().asPng();
}
