// The feature `codes`: reads QR codes, for browsers that cannot by themselves (`BarcodeDetector`).

import { textOf } from "./bits.js";
import { correct } from "./correction.js";
import { findCorners } from "./finders.js";
import { codewordsOf, formatOf } from "./layout.js";
import { darkOf } from "./dark.js";
import { gridsOf } from "./sampling.js";

/** The largest version that is read: 57 modules a side. Codes of tickets are of version 4. */
const MOST = 10;

/**
 * The text of a QR code (ISO/IEC 18004) in a picture; null where there is none that can be read.
 * @param {{data: Uint8ClampedArray, width: number, height: number}} picture as a canvas has it
 * @returns {string | null}
 */
export function readCode(picture) {
  const dark = darkOf(picture);
  for (const corners of findCorners(dark)) {
    for (const grid of gridsOf(dark, corners, MOST)) {
      const format = formatOf(grid);
      const data = format && correct(codewordsOf(grid, format.mask), (grid.size - 17) / 4, format.level);
      const text = data && textOf(data, (grid.size - 17) / 4);
      if (text) return text;
    }
  }
  return null;
}
