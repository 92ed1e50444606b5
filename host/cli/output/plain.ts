/** Text that others have written, made harmless for a terminal. */

/** C0, DEL and C1 controls, line separators, and what turns the direction of writing round. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The text with every control character as an escape, such as `\x1b`: a name in a file cannot move the cursor, set
 * the clipboard or hide what comes after it. Everything that people read and that is not our own words goes through
 * here; JSON has escapes of its own.
 */
export function plain(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0);
    return code < 256
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
