// A field for a picture, which shows what was chosen.

import { button } from "../buttons.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../words.js";

/** @param {string} label @param {string} action */
export function pictureField(label, action) {
  const shown = h("span", { class: "picture-shown" }, icon("camera", 24));
  const input = h("input", { type: "file", accept: "image/*", class: "visually-hidden", tabIndex: -1, "aria-label": label });
  let address = "";
  const draw = () => {
    URL.revokeObjectURL(address);
    const [file] = input.files ?? [];
    address = file ? URL.createObjectURL(file) : "";
    fill(shown, file ? h("img", { src: address, alt: "" }) : icon("camera", 24));
    remove.hidden = !file;
  };
  const remove = button(t("new_chat.no_picture"), () => {
    input.value = "";
    draw();
  }, { class: "quiet", hidden: true });
  input.addEventListener("change", draw);
  const element = h("div", { class: "picture-field inline" }, shown, input, button(action, () => input.click()), remove);
  return { element, file: () => input.files?.[0] ?? null };
}
