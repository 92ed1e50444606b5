/** Figure 1 as it is drawn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steepnessFigure, surfaceFigure } from '../../../../host/cli/paper/landscape-figure.ts';
import { CAVE, FORMULA, plateauHalf } from '../../../../host/paper/landscape.ts';
import { assertGolden } from '../../../support/golden.ts';

/** Numbers of an attribute of the element that a pattern finds. */
const numberOf = (element: string, name: string) =>
  Number(new RegExp(`\\b${name}="([^"]+)"`).exec(element)?.[1]);

test('the surface has its formula with it, and a facet for every cell of its mesh', () => {
  const { svg, description } = surfaceFigure();
  assert.match(description, /-2, -2/);
  assert.ok(svg.includes(FORMULA));
  assert.equal(svg.match(/<path /g)?.length, 68 ** 2);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});

test('the cyan box is the plateau', () => {
  const { svg } = steepnessFigure();
  const box = /<rect [^>]*stroke="#00e5ff"[^>]*>/.exec(svg)?.[0] ?? '';
  const frame = /<rect [^>]*height="390"[^>]*>/.exec(svg)?.[0] ?? '';
  const pixel = 8 / numberOf(frame, 'width');
  const left = -4 + pixel * (numberOf(box, 'x') - numberOf(frame, 'x'));
  const top = 4 - pixel * (numberOf(box, 'y') - numberOf(frame, 'y'));
  assert.ok(Math.abs(left - (CAVE[0] - plateauHalf())) < 0.003, `${left}`);
  assert.ok(Math.abs(top - (CAVE[1] + plateauHalf())) < 0.003, `${top}`);
  assert.ok(Math.abs(pixel * numberOf(box, 'width') - 2 * plateauHalf()) < 0.003);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});

test('the heat map has every cell of every row once', () => {
  const { svg } = steepnessFigure();
  const cells = [...svg.matchAll(/M(\d+) (\d+)h(\d+)v3h/g)].reduce(
    (sum, [, , , width]) => sum + Number(width) / 3,
    0,
  );
  assert.equal(cells, 130 ** 2);
});

/**
 * A drawing, an element a line. Of thousands of facets one in 37 stands for the rest, with its place among them; of a path of
 * hundreds of cells its beginning, its end and its length.
 */
function drawingText({ name, title, description, svg }: ReturnType<typeof surfaceFigure>): string {
  const elements = svg.replaceAll('><', '>\n<').split('\n');
  const lines = elements.flatMap((element, i) => {
    if (!element.startsWith('<path ')) return [element];
    if (element.length < 200) return i % 37 === 0 ? [`${i}: ${element}`] : [];
    return [`${element.slice(0, 80)} … ${element.slice(-60)} ${element.length} characters`];
  });
  return [name, title, description, ...lines].join('\n');
}

test('Figure 1 is drawn as it was', () => {
  assertGolden(new URL('figure-1a.txt', import.meta.url), drawingText(surfaceFigure()));
  assertGolden(new URL('figure-1b.txt', import.meta.url), drawingText(steepnessFigure()));
});
