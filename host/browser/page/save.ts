/** Saving files from the page. */
import type { MadeFile } from '../work/files.ts';
import type { pictureOf } from './picture.ts';

/** Hands a file to the browser, which asks where or puts it with the downloads. */
export function save({ name, type, bytes }: MadeFile): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Saves a text. */
export const saveText = (name: string, type: string, text: string): void =>
  save({ name, type, bytes: new TextEncoder().encode(text) });

/** Saves a canvas as a picture: what makes one comes with the first of them. */
export async function savePicture(...of: Parameters<typeof pictureOf>): Promise<void> {
  const { pictureOf } = await import('./picture.ts');
  save(await pictureOf(...of));
}
