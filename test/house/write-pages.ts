/**
 * Writes what is generated in the pages: the tables of the recorded results, and the import graph of assembly/.
 *
 *   npm run pages
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { TABLES, withRecordedTables, withSection } from '../../bench/results/tables.ts';
import { importGraph } from './graph.ts';
import { GRAPH_PAGE } from './pages.ts';

const place = (path: string) => new URL(`../../${path}`, import.meta.url);
const read = (path: string) => readFileSync(place(path), 'utf8');

for (const path of Object.keys(TABLES)) writeFileSync(place(path), withRecordedTables(read(path), path));
writeFileSync(place(GRAPH_PAGE), withSection(read(GRAPH_PAGE), 'graph', importGraph()));
