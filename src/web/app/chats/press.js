// Right click, the menu key, and a long press of a finger: all of them open the menu of what they are at.

/** How long a finger lies there. */
const LONG_MS = 500;
/** How far it may move meanwhile, in pixels. */
const FAR = 10;
/** How long after a menu was opened by a finger the click that follows is none. */
const AFTER_MS = 700;

/** @param {HTMLElement} place @param {(target: HTMLElement) => boolean} open answers whether there is a menu */
export function listenToPresses(place, open) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @type {{x: number, y: number, isLong: boolean, target: HTMLElement} | null} */
  let finger = null;
  let openedAt = 0;
  const end = () => {
    clearTimeout(waiting);
    finger = null;
  };
  const isLong = () => {
    if (!finger || finger.isLong) return;
    finger.isLong = true;
    navigator.vibrate?.(10);
  };
  place.addEventListener("pointerdown", ({ pointerType, clientX: x, clientY: y, target }) => {
    end();
    if (pointerType === "mouse") return;
    finger = { x, y, isLong: false, target: /** @type {HTMLElement} */ (target) };
    waiting = setTimeout(isLong, LONG_MS);
  });
  place.addEventListener("pointermove", ({ clientX, clientY }) => finger && Math.hypot(clientX - finger.x, clientY - finger.y) > FAR && end());
  for (const name of ["pointercancel", "scroll"]) place.addEventListener(name, end, { capture: true, passive: true });
  place.addEventListener("pointerup", () => {
    const pressed = finger;
    end();
    if (!pressed?.isLong) return;
    openedAt = Date.now();
    // A menu that were open already would take the finger that is lifted for one beside it.
    setTimeout(() => open(pressed.target));
  });
  place.addEventListener("contextmenu", (event) => {
    // Some browsers tell of a long press by themselves.
    if (finger) isLong();
    if (finger || open(/** @type {HTMLElement} */ (event.target))) event.preventDefault();
  });
  place.addEventListener("click", (event) => Date.now() - openedAt < AFTER_MS && event.preventDefault(), { capture: true });
}
