/** A file made in the browser, handed to the visitor. */

export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // At once would be too soon in some browsers.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
