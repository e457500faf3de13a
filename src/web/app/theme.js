// Light or dark, as the system has it or as somebody has chosen; and which way the lines run.

const KEPT = "trunkline.theme";
const KEPT_DIRECTION = "trunkline.direction";

/** What was chosen: `light`, `dark`, or `""` for what the system has. */
export function theme() {
  return localStorage.getItem(KEPT) ?? "";
}

/** Chooses. @param {string} wanted */
export function chooseTheme(wanted) {
  if (wanted) localStorage.setItem(KEPT, wanted);
  else localStorage.removeItem(KEPT);
  apply();
}

/** Which way the lines run: `ltr`, or `rtl` where somebody has chosen it. */
export function direction() {
  return localStorage.getItem(KEPT_DIRECTION) === "rtl" ? "rtl" : "ltr";
}

/** Chooses. @param {string} wanted */
export function chooseDirection(wanted) {
  localStorage.setItem(KEPT_DIRECTION, wanted);
  apply();
}

function apply() {
  document.documentElement.dataset.theme = theme();
  document.documentElement.dir = direction();
}

apply();
// Another tab has chosen.
addEventListener("storage", ({ key }) => (key === KEPT || key === KEPT_DIRECTION) && apply());
