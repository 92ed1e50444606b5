/**
 * Writes the files of this folder, the same every time: tables as people export them, made up.
 *
 *   node test/host/cli/messy/make.mjs
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Numbers from 0 to below 1 by a linear congruence (Numerical Recipes). @param {number} seed */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @template T @param {() => number} random @param {readonly T[]} of @returns {T} */
const pick = (random, of) => /** @type {T} */ (of[Math.floor(random() * of.length)]);

/** A table of rows. @param {string} header @param {number} count @param {(i: number) => (string | number)[]} row */
const table = (header, count, row, delimiter = ',') =>
  `${[header, ...Array.from({ length: count }, (_, i) => row(i).join(delimiter))].join('\n')}\n`;

const FIRST = ['Ada', 'Grace', 'Emmy', 'Lise', 'Marie', 'Sophie'];
const LAST = ['Noether', 'Hopper', 'Meitner', 'Curie', 'Germain', 'Lovelace', 'Kowalewskaja'];

/** Customers who leave: an identifier, names, a category, blanks, text labels. */
function customers() {
  const random = uniform(1);
  return table('customer_id,name,age,monthly spend,plan,tickets,churn', 160, (i) => {
    const [age, spend, tickets] = [
      18 + Math.floor(60 * random()),
      10 + 80 * random(),
      Math.floor(8 * random()),
    ];
    const plan = pick(random, ['basic', 'plus', 'pro']);
    const leaves = tickets / 3 - spend / 60 + (plan === 'basic' ? 0.8 : 0) > 0.6;
    const name = `"${pick(random, LAST)}${i}, ${pick(random, FIRST)}"`;
    const spent = random() < 0.06 ? '' : spend.toFixed(2);
    return [10001 + i, name, random() < 0.05 ? 'N/A' : age, spent, plan, tickets, leaves ? 'yes' : 'no'];
  });
}

/** A sensor log from a German spreadsheet: semicolons, decimal commas, a byte order mark, CRLF. */
function sensors() {
  const random = uniform(2);
  const german = (/** @type {number} */ value) => value.toFixed(2).replace('.', ',');
  const text = table(
    'Temperatur;Druck;Drehzahl;Zustand',
    120,
    () => {
      const [t, p, n] = [20 + 60 * random(), 1 + 4 * random(), 800 + 900 * random()];
      return [german(t), german(p), Math.round(n), t / 60 + p / 4 > 1.45 ? 'Störung' : 'gut'];
    },
    ';',
  );
  return `\ufeff${text.replaceAll('\n', '\r\n')}`;
}

/** Parts with a class that is rare, `?` for what was not measured, no header, the label first. */
function parts() {
  const random = uniform(3);
  const rows = Array.from({ length: 200 }, () => {
    const [width, weight, gap] = [random(), random(), random()];
    const kind = gap > 0.93 ? 'cracked' : width + 0.4 * weight > 0.75 ? 'large' : 'small';
    const cell = (/** @type {number} */ value) => (random() < 0.03 ? '?' : value.toFixed(3));
    return [kind, cell(width), cell(weight), cell(gap * 4)].join(',');
  });
  return `${rows.join('\n')}\n`;
}

/** Flats with their price, a number to predict; districts in text, a rating that is often missing. */
function flats() {
  const random = uniform(4);
  return table(
    'Id\tsize\trooms\tdistrict\trating\tprice',
    150,
    (i) => {
      const size = 25 + 100 * random();
      const district = pick(random, ['centre', 'north', 'south', 'harbour']);
      const price = 900 * size + (district === 'centre' ? 60000 : 0) - (district === 'north' ? 20000 : 0);
      const rating = random() < 0.2 ? 'NaN' : (1 + 4 * random()).toFixed(1);
      const cells = [size.toFixed(1), 1 + Math.floor(size / 30), district, rating];
      return [i + 1, ...cells, Math.round(price + 8000 * random())];
    },
    '\t',
  );
}

/** Answers to a questionnaire: text columns, postcodes that look like numbers, five classes. */
function survey() {
  const random = uniform(5);
  return table('postcode,transport,days,distance_km,opinion', 240, () => {
    const postcode = pick(random, ['10115', '20095', '50667', '80331']);
    const transport = pick(random, ['bus', 'bike', 'car']);
    const [days, distance] = [Math.floor(6 * random()), 1 + 30 * random()];
    const mood =
      days / 5 + (transport === 'bike' ? 0.9 : 0) + (transport === 'bus' ? 0.3 : 0) - distance / 40;
    const opinion = ['very bad', 'bad', 'neutral', 'good', 'very good'][
      Math.min(4, Math.max(0, Math.floor(2 * mood + 1.5)))
    ];
    return [postcode, transport, days, distance.toFixed(1), /** @type {string} */ (opinion)];
  });
}

/** What makes each file. @type {Readonly<Record<string, () => string>>} */
export const FILES = { customers, flats, parts, sensors, survey };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, make] of Object.entries(FILES)) {
    await writeFile(new URL(`./${name}.csv`, import.meta.url), make());
  }
}
