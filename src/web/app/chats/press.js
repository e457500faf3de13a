// Right click, the menu key, and a long press of a finger: all of them open the menu of what they are at.

/** How long a finger lies there. */
const LONG_MS = 500;
/** How far it may move meanwhile, in pixels. */
const FAR = 10;

/** @param {HTMLElement} place @param {(target: HTMLElement) => boolean} open answers whether there is a menu */
export function listenToPresses(place, open) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pressing;
  let pressedAt = 0;
  let [x, y] = [0, 0];
  const end = () => clearTimeout(pressing);
  place.addEventListener("pointerdown", (event) => {
    end();
    if (event.pointerType === "mouse") return;
    [x, y] = [event.clientX, event.clientY];
    pressing = setTimeout(() => {
      if (open(/** @type {HTMLElement} */ (event.target))) pressedAt = Date.now();
    }, LONG_MS);
  });
  place.addEventListener("pointermove", (event) => Math.hypot(event.clientX - x, event.clientY - y) > FAR && end());
  for (const name of ["pointerup", "pointercancel", "scroll"]) place.addEventListener(name, end, { capture: true, passive: true });
  place.addEventListener("contextmenu", (event) => {
    end();
    // Some browsers tell of a long press by themselves.
    if (Date.now() - pressedAt < 1_000 || open(/** @type {HTMLElement} */ (event.target))) event.preventDefault();
  });
  // The finger that has opened a menu chooses nothing when it is lifted.
  place.addEventListener("click", (event) => Date.now() - pressedAt < 1_000 && event.preventDefault(), { capture: true });
}
