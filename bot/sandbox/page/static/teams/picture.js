// A picture as large as the window allows.
import { h } from "../lib.js";
import { icon } from "./icons.js";

export function enlarge(address, alt) {
  const made = h("dialog", { class: "t-lightbox", "aria-label": alt || "Picture" },
    h("button", { type: "button", "aria-label": "Close", onclick: () => made.close() }, icon("close")), h("img", { src: address, alt }));
  made.addEventListener("close", () => made.remove());
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  document.body.append(made);
  made.showModal();
}
