// Light or dark, as the system has it or as somebody has chosen; and which way the lines run.

const KEPT = "trunkline.theme";

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

function apply() {
  document.documentElement.dataset.theme = theme();
}

apply();
// Another tab has chosen.
addEventListener("storage", ({ key }) => key === KEPT && apply());
