/** A report as one HTML page that needs no other file, from its data alone. */
import {
  type Measured,
  type Report,
  type Section,
  type SectionTable,
  typeset,
  type Unit,
  type Verdict,
} from '../../paper/index.ts';
import type { Drawn } from './landscape-figure.ts';
import { PAGE_STYLE } from './page-style.ts';
import { headHtml } from '../output/page.ts';
import { intervalShown, meanShown, paperShown, shown } from './terminal.ts';

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Words for people: set as print is, with code where it stands between backticks. */
const prose = (text: string) => escaped(typeset(text)).replace(/`([^`]*)`/g, '<code>$1</code>');

const CLASSES = { holds: 'good', 'holds only if': 'half', 'does not hold': 'bad' } as const;

const chip = (verdict: Verdict['verdict']) => `<span class="chip ${CLASSES[verdict]}">${verdict}</span>`;

/** A number over the seeds: mean and deviation, then interval and the paper's figure in small print. */
function measuredHtml(cell: Measured, unit: Unit): string {
  const { printed } = cell;
  const interval = intervalShown(cell, unit);
  const small = [
    ...(interval === '' ? [] : [prose(interval)]),
    ...(printed === undefined
      ? []
      : [`<span class="paper">paper ${prose(paperShown(printed, unit))}</span>`]),
  ];
  return `${prose(meanShown(cell, unit))}${small.map((line) => `<small>${line}</small>`).join('')}`;
}

function cellHtml(cell: SectionTable['rows'][number]['cells'][number], unit: Unit): string {
  if (typeof cell === 'string') return `<td class="words">${prose(cell)}</td>`;
  if (cell === null) return '<td>–</td>';
  return `<td>${typeof cell === 'number' ? prose(shown(cell, unit)) : measuredHtml(cell, unit)}</td>`;
}

function tableHtml({ title, about, columns, rows }: SectionTable): string {
  const head = ['', ...columns.map(({ name }) => name)].map((name) => `<th>${prose(name)}</th>`).join('');
  const body = rows.map(({ name, cells, failed }) => {
    const called = failed === undefined ? name : `${name} (${failed} failed)`;
    const row = cells.map((cell, i) => cellHtml(cell, columns[i].unit)).join('');
    return `<tr><td>${prose(called)}</td>${row}</tr>`;
  });
  return `<h3>${prose(title)}</h3>${about === '' ? '' : `<p class="soft">${prose(about)}</p>`}<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** The figures of a verdict; where they are of several readings, each with its own line, and what it is of in bold. */
function figuresHtml(number: string): string {
  const lines = number.split('\n').map(prose);
  if (lines.length === 1) return `<p class="number">${lines[0]}</p>`;
  const items = lines.map((line) => `<li>${line.replace(/^[^:]{1,80}:/, '<b>$&</b>')}</li>`);
  return `<ul class="number">${items.join('')}</ul>`;
}

function verdictHtml({ claim, where, verdict, condition, number, seeds, command }: Verdict): string {
  const over = seeds > 0 ? `${seeds} ${seeds === 1 ? 'seed' : 'seeds'} · ` : '';
  return [
    `<div class="verdict"><p>${chip(verdict)} <b>${prose(claim)}</b> <span class="soft">${prose(where)}</span></p>`,
    condition === undefined ? '' : `<p><i>only if</i> ${prose(condition)}</p>`,
    `${figuresHtml(number)}<p class="soft">${over}<code>${escaped(command)}</code></p></div>`,
  ].join('');
}

/** Names inside a drawing that would be those of another one on the same page. */
const own = (svg: string, prefix: string) =>
  svg
    .replace(/\bid="([^"]+)"/g, `id="${prefix}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}-$1)`)
    .replace(/href="#([^"]+)"/g, `href="#${prefix}-$1"`)
    .replace(/^<\?xml[^>]*>\s*/, '')
    .replace(/<!DOCTYPE[^>]*>\s*/, '');

function figureHtml({ name, svg, title, description }: Drawn): string {
  return `<figure>${own(svg, name)}<figcaption>${prose(title)}. ${prose(description)}</figcaption></figure>`;
}

function sectionHtml(section: Section, drawings: readonly Drawn[]): string {
  const { id, title, about, plots, tables, verdicts, notes } = section;
  const figures = plots.flatMap(({ name }) => drawings.filter((drawing) => drawing.name === name));
  return [
    `<section id="${escaped(id)}"><h2>${prose(title)}</h2><p>${prose(about)}</p>`,
    ...figures.map(figureHtml),
    ...verdicts.map(verdictHtml),
    ...tables.map(tableHtml),
    ...notes.map((note) => `<p class="soft">${prose(note)}</p>`),
    '</section>',
  ].join('\n');
}

/** All verdicts, one line each. */
function overview(sections: readonly Section[]): string {
  const lines = sections.flatMap(({ id, verdicts }) =>
    verdicts.map(({ claim, where, verdict, condition }) => {
      const only = condition === undefined ? '' : `<small>only if ${prose(condition)}</small>`;
      return `<li>${chip(verdict)}<span><a href="#${escaped(id)}">${prose(claim)}</a>${only}</span><span class="soft">${prose(where)}</span></li>`;
    }),
  );
  return `<ul class="claims">${lines.join('\n')}</ul>`;
}

/** What the page was made by and with. */
function colophon({ command, version, scope, hashes, environment }: Report): string {
  const images = Object.entries(scope.images).map(([name, from]) => `${name}: ${from}`);
  const made = Object.entries(environment ?? {}).map(([name, value]) => `${name} ${value}`);
  const rows = Object.entries(hashes).map(
    ([id, { cells, sha256 }]) =>
      `<tr><td>${escaped(id)}</td><td>${cells}</td><td><code>${sha256}</code></td></tr>`,
  );
  return [
    '<section id="made"><h2>How it was made</h2>',
    `<pre>${escaped(command)}</pre>`,
    `<p>nlr-vqa ${escaped(version)}${made.length === 0 ? '' : `; ${escaped(made.join(', '))}`}. Seeds ${scope.seeds.join(', ')}${scope.quick ? '; quick: what is cut says so' : ''}${scope.epochShots === false ? '; without 300 epochs with 1000 shots, the longest reading' : ''}. Images ${escaped(images.join(', '))}.</p>`,
    '<p class="soft">Intervals are bias-corrected and accelerated bootstraps of means at 95 %. SHA-256 of all that became of the cells of each part; no time is in it, so that it is the same whatever ran them.</p>',
    `<div class="wide"><table><thead><tr><th>part</th><th>cells</th><th>SHA-256</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div></section>`,
  ].join('\n');
}

/** The page. @param drawings of its plots */
export function reportPage(report: Report, drawings: readonly Drawn[]): string {
  const { sections } = report;
  const verdicts = sections.flatMap((section) => section.verdicts);
  const title = 'Escaping barren plateaus by a negative learning rate: the paper, reproduced';
  const counts = Object.entries(CLASSES).map(
    ([word, name]) =>
      `<li class="${name}">${verdicts.filter(({ verdict }) => verdict === word).length} ${word}</li>`,
  );
  const links = [
    ...(verdicts.length > 0 ? ['<li><a href="#verdicts">All verdicts</a></li>'] : []),
    ...sections.map(({ id, title: name }) => `<li><a href="#${escaped(id)}">${prose(name)}</a></li>`),
    '<li><a href="#made">How it was made</a></li>',
  ];
  return [
    `${headHtml(title, PAGE_STYLE)}<body><main>`,
    `<h1>${title}</h1>`,
    '<p class="soft">Rahman and Nguyen, “Escaping Barren Plateaus in Variational Quantum Algorithms Using Negative Learning Rate in Quantum Internet of Things”, arXiv 2511.22861. The paper’s figures stand beside ours.</p>',
    `<nav><details open><summary>Contents</summary><ol>${links.join('')}</ol></details></nav>`,
    ...(verdicts.length === 0
      ? []
      : [
          `<section id="verdicts"><h2>All verdicts</h2><ul class="counts">${counts.join('')}</ul>${overview(sections)}</section>`,
        ]),
    ...sections.map((section) => sectionHtml(section, drawings)),
    colophon(report),
    '</main></body></html>',
    '',
  ].join('\n');
}
