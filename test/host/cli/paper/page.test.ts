/** A report as a page: all of its data, nothing else, and no other file. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { reportPage } from '../../../../host/cli/paper/page.ts';
import { drawn } from '../../../../host/cli/paper/pictures.ts';
import type { Report, Section } from '../../../../host/paper/index.ts';
import { reportLines } from '../../../../host/cli/paper/terminal.ts';
import { assertGolden } from '../../../support/golden.ts';

const SECTION: Section = {
  id: 'theory-one',
  title: 'One & only <part>',
  about: 'About "it".',
  tables: [
    {
      ...{ name: 'a', title: 'A table', about: 'Of numbers.' },
      columns: [
        { name: 'loss', unit: 'number' },
        { name: 'share', unit: 'percent' },
        { name: 'word', unit: 'count' },
      ],
      rows: [
        {
          name: 'row <1>',
          cells: [
            { mean: 0.25, deviation: 0.5, interval: [0.125, 0.375], count: 3, printed: 0.0131 },
            0.5,
            'better on 2 of 3',
          ],
          failed: 2,
        },
        { name: 'row 2', cells: [null, { mean: null, deviation: null, interval: null, count: 0 }, 12345] },
      ],
    },
  ],
  plots: [
    { name: 'figure-1b', title: 'A map', description: 'It is <flat>.', drawing: 'steepness' },
    {
      ...{ name: 'line', title: 'A line', description: 'It goes up.' },
      spec: {
        data: { values: [1, 2].map((x) => ({ x, y: x })) },
        mark: 'line',
        encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
      },
    },
    {
      ...{ name: 'other', title: 'Another line', description: 'It goes up too.' },
      spec: {
        data: { values: [1, 3].map((x) => ({ x, y: x })) },
        mark: 'line',
        encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
      },
    },
  ],
  verdicts: [
    {
      ...{ claim: 'it is so', where: 'Table I', verdict: 'holds only if', condition: 'one wants it' },
      ...{ number: "steps: 3 < 4\nshots of eta': 5 < 6", seeds: 5, command: 'nlr-vqa reproduce table-1' },
    },
    {
      ...{ claim: 'it is not', where: 'Fig. 9', verdict: 'does not hold', number: '4 > 3', seeds: 0 },
      command: 'nlr-vqa reproduce figure-9',
    },
  ],
  notes: ['A note.'],
};

const REPORT: Report = {
  ...{ format: 1, version: '9.9.9', command: "nlr-vqa reproduce 'all' --quick" },
  scope: { seeds: [1, 2], quick: true, images: { mnist: 'sample', 'fashion-mnist': 'sample' } },
  sections: [SECTION],
  hashes: { 'theory-one': { cells: 7, sha256: 'abc123' } },
  environment: { Node: 'v20' },
};

describe('the page', () => {
  let drawings: Awaited<ReturnType<typeof drawn>>;
  let page: string;
  before(async () => {
    drawings = await drawn(SECTION.plots);
    page = reportPage(REPORT, drawings);
  });

  test('has everything in it, once', () => {
    for (const text of [
      '<h2>One &#38; only &#60;part&#62;</h2>',
      'About “it”.',
      '<b>steps:</b> 3 &#60; 4</li><li><b>shots of η′:</b> 5 &#60; 6</li>',
      '0.25 ± 0.50<small>0.13 to 0.38</small><small><span class="paper">paper 0.0131</span></small>',
      '<td>row &#60;1&#62; (2 failed)</td>',
      '<td>–</td><td>-</td><td>12,345</td>',
      '<td class="words">better on 2 of 3</td>',
      '<i>only if</i> one wants it',
      '<p class="number">4 &#62; 3</p>',
      '5 seeds · <code>nlr-vqa reproduce table-1</code>',
      '0 holds</li>',
      '1 holds only if</li>',
      'A note.',
      'nlr-vqa 9.9.9; Node v20. Seeds 1, 2; quick',
      'abc123',
      'A map. It is &#60;flat&#62;.',
    ])
      assert.equal(page.split(text).length, 2, text);
    assert.equal(page.match(/<figure>/g)?.length, 3);
  });

  test('needs no other file, and runs nothing', () => {
    assert.doesNotMatch(page, /<script|<link|<img|\bsrc=|@import|url\((?!#)/);
    for (const [, href] of page.matchAll(/href="([^"]*)"/g)) assert.match(href, /^#/);
    assert.match(page, /<meta name="viewport" content="width=device-width/);
    assert.match(page, /prefers-color-scheme:dark/);
  });

  test('has links that lead somewhere, and no name twice', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, id] of page.matchAll(/(?:href="|url\()#([^")]+)/g)) assert.ok(ids.includes(id), id);
  });

  test('is made of the data alone', () => {
    assert.equal(reportPage(JSON.parse(JSON.stringify(REPORT)) as Report, drawings), page);
  });
});

/** A drawing as others make them: with a head of its own, and names that another one may have too. */
const drawingOf = (name: string) => ({
  ...{ name, title: `Drawing <${name}>`, description: 'a & b >= c' },
  svg: `<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">\n<svg id="a"><clipPath id="b"/><g clip-path="url(#b)"/><use href="#a"/></svg>`,
});

/** A report that has one of everything: few seeds and none, words and numbers, one line of figures and several. */
const EVERYTHING: Report = {
  ...REPORT,
  scope: { seeds: [7], quick: false, epochShots: false, images: REPORT.scope.images },
  sections: [
    {
      ...SECTION,
      plots: [drawingOf('line'), { ...drawingOf('not drawn') }].map((plot) => ({ ...plot, spec: {} })),
      verdicts: [
        ...SECTION.verdicts,
        {
          ...{ claim: '`code` and "words" hold', where: 'abstract', verdict: 'holds', seeds: 1 },
          ...{ number: `${'a long beginning '.repeat(6)}: 1\nno colon here`, command: "nlr-vqa 'x' <y>" },
        },
      ],
      tables: [
        ...SECTION.tables,
        {
          ...{ name: 'b', title: 'Without words', about: '' },
          columns: [
            { name: 'final loss', unit: 'number' },
            { name: 'accuracy', unit: 'percent' },
            { name: 'shots', unit: 'count' },
          ],
          rows: [
            {
              name: 'measured',
              cells: [
                { mean: 1.5, deviation: 0.0625, interval: [1.25, 1.75], count: 4, printed: 0.000155 },
                { mean: 0.5, deviation: 0.125, interval: [0.25, 0.75], count: 4, printed: 0.97 },
                { mean: 1234567, deviation: 0, interval: [1234567, 1234567], count: 4 },
              ],
            },
            {
              name: 'one seed',
              cells: [
                { mean: 1e-5, deviation: null, interval: null, count: 1 },
                { mean: null, deviation: null, interval: null, count: 0, printed: 1 },
                null,
              ],
              failed: 3,
            },
            { name: 'worked out', cells: [0.25, 0.125, 1000] },
            { name: 'words', cells: ['so <so>', 'not "at" all', Number.NaN] },
          ],
        },
      ],
      notes: ['A note of `code`.', `A long note ${'that goes on and on '.repeat(8)}.`],
    },
    { ...SECTION, id: 'a<b', title: 'Nothing', tables: [], plots: [], verdicts: [], notes: [] },
  ],
  hashes: { 'theory-one': { cells: 7, sha256: 'abc123' }, 'a<b': { cells: 0, sha256: 'def456' } },
  environment: { Node: 'v20', system: 'any <one>' },
};
/** Nothing but sections without a claim, and no word of what it was made with. */
const CLAIMLESS: Report = {
  ...REPORT,
  environment: undefined,
  sections: EVERYTHING.sections.slice(1),
};

describe('a report', () => {
  test('is the same page as it was', () => {
    const drawings = [drawingOf('line'), drawingOf('of no section')];
    assertGolden(new URL('page.txt', import.meta.url), reportPage(EVERYTHING, drawings));
    assertGolden(
      new URL('page-without-claims.txt', import.meta.url),
      reportPage(CLAIMLESS, []).replace(/<style>[^]*?<\/style>/, ''),
    );
  });

  test('is the same on a terminal as it was', () => {
    const plain = [EVERYTHING, CLAIMLESS, REPORT].flatMap((each) => [...reportLines(each), '====']);
    assertGolden(new URL('terminal.txt', import.meta.url), stripVTControlCharacters(`${plain.join('\n')}\n`));
  });
});
