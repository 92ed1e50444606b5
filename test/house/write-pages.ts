/**
 * Writes what is generated in the pages: the tables of the recorded results, and the drawings of assembly/README.md.
 *
 *   npm run pages
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { TABLES, withRecordedTables, withSection } from '../../bench/results/tables.ts';
import { DRAWINGS } from './drawings.ts';
import { GRAPH_PAGE } from './pages.ts';

const place = (path: string) => new URL(`../../${path}`, import.meta.url);
const read = (path: string) => readFileSync(place(path), 'utf8');

for (const path of Object.keys(TABLES)) writeFileSync(place(path), withRecordedTables(read(path), path));
for (const [name, draw] of Object.entries(DRAWINGS))
  writeFileSync(place(GRAPH_PAGE), withSection(read(GRAPH_PAGE), name, draw()));
