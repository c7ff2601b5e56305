/**
 * Hands a text to the person as a file. The shell does the saving: a browser as with any download,
 * Electron's window with its own dialog.
 */

/** Time in which a browser begins to read the address; it says nowhere when it has. */
const KEPT_FOR = 60_000;

/** To be called while a person's click or key press still counts. */
export function saveFile(fileName: string, content: string, mimeType: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: mimeType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_FOR);
}
