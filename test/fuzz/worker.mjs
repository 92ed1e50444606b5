// A thread that can load TypeScript: Node 20 does not hand the hooks of `--import tsx` on to its threads.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
