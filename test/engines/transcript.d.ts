/** Runs a script on a module. @returns the transcript */
export function transcript(module: WebAssembly.Module, script: string): string;
