/** Claims of processes, as locks and half-written files have them. */
import { spawnSync } from 'node:child_process';
import { newClaim } from '../../host/files/claim.ts';

/** A claim of a process that has ended. */
export async function deadClaim(): Promise<string> {
  const { pid } = spawnSync(process.execPath, ['--version']);
  return (await newClaim()).replace(/^\d+-\d+/, `${pid}-1`);
}
