// What is dark in a picture: darker than its surroundings, so that shadows do no harm.

/** Which pixels are dark. @typedef {{width: number, height: number, at: (x: number, y: number) => boolean}} Dark */

/** So much darker than the mean around it. */
const DARKER = 0.88;

/** @param {{data: Uint8ClampedArray, width: number, height: number}} picture @returns {Dark} */
export function darkOf({ data, width, height }) {
  const grey = new Uint8Array(width * height);
  for (let at = 0; at < grey.length; at += 1) grey[at] = (data[at * 4] * 77 + data[at * 4 + 1] * 151 + data[at * 4 + 2] * 28) >> 8;
  // The sum of everything above and before a place tells the sum of any rectangle.
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += grey[y * width + x];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  const half = Math.max(8, Math.max(width, height) >> 4);
  const bits = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - half), Math.min(height, y + half + 1)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - half), Math.min(width, x + half + 1)];
      const sum = sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right] - sums[bottom * (width + 1) + left] + sums[top * (width + 1) + left];
      bits[y * width + x] = grey[y * width + x] < (sum / ((right - left) * (bottom - top))) * DARKER ? 1 : 0;
    }
  }
  const at = (/** @type {number} */ x, /** @type {number} */ y) => x >= 0 && y >= 0 && x < width && y < height && bits[(y | 0) * width + (x | 0)] === 1;
  return { width, height, at };
}
