/** A picture as a file, and a picture on paper. */

/** Offers the canvas as a PNG with this name. */
export async function download(sheet: HTMLCanvasElement, name: string): Promise<void> {
  const address = URL.createObjectURL(await blobOf(sheet));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser needs the address until it has begun to write.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Prints the picture alone: a canvas of the map itself would come out blank. */
export async function printSheet(sheet: HTMLCanvasElement, description: string): Promise<void> {
  const address = URL.createObjectURL(await blobOf(sheet));
  const image = new Image();
  image.className = "print-sheet";
  image.alt = description;
  image.src = address;
  await image.decode();
  document.body.append(image);
  document.documentElement.classList.add("printing");
  try {
    print();
  } finally {
    document.documentElement.classList.remove("printing");
    image.remove();
    URL.revokeObjectURL(address);
  }
}

/** Says so when the browser cannot give the picture (a memory of a phone that is too small). */
function blobOf(sheet: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    sheet.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/png"),
  );
}
