/** The drawings of assembly/README.md, by the names of their sections. */
import { importGraph } from './graph.ts';
import { sweepsDrawing } from './sweeps.ts';

export const DRAWINGS: Readonly<Record<string, () => string>> = { graph: importGraph, sweeps: sweepsDrawing };
