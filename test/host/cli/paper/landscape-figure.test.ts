/** Figure 1 as it is drawn. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
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

/** A drawing with a line for each element; what there are thousands of, as their number and their hash. */
function drawingText(svg: string): string {
  const elements = svg.split(/(?<=>)(?=<)/);
  const isMany = (element: string) => element.startsWith('<path ') || /^<rect [^>]*width="14"/.test(element);
  const many = elements.filter(isMany).join('\n');
  const hash = createHash('sha256').update(many).digest('hex');
  return [...elements.filter((each) => !isMany(each)).map((each) => each.trimEnd()), hash, ''].join('\n');
}

test('both are as they were looked at', () => {
  assertGolden(new URL('surface.txt', import.meta.url), drawingText(surfaceFigure().svg));
  assertGolden(new URL('steepness.txt', import.meta.url), drawingText(steepnessFigure().svg));
});
