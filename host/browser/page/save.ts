/** Saving files from the page. */
import type { MadeFile } from '../work/files.ts';

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

/** Saves a canvas as a picture. */
export function savePicture(name: string, canvas: HTMLCanvasElement): void {
  canvas.toBlob((blob) => {
    if (blob)
      void blob.arrayBuffer().then((bytes) => save({ name, type: blob.type, bytes: new Uint8Array(bytes) }));
  });
}
