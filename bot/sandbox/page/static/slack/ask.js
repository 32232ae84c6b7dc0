// Small dialogs over the window: "Are you sure?"
import { h } from "../lib.js";
import { text } from "./blocks.js";
import { plain } from "./rich.js";

/** Asks what a `confirm` object says; true if it is confirmed. */
export function ask(root, object, sight) {
  return answer(root, object.title ? plain(object.title) : ["Are you sure?"], text(object.text, sight), object.confirm ? plain(object.confirm) : ["Yes"], object.deny ? plain(object.deny) : ["Cancel"], object.style === "danger");
}

/** A title, words and two buttons, given as nodes; resolves with true for the first, false for the other and for Esc. */
export function answer(root, title, words, yes, no, danger = false) {
  return new Promise((resolve) => {
    const name = h("h3", {}, title), from = document.activeElement;
    const done = (value) => { made.remove(); if (from?.isConnected) from.focus(); resolve(value); };
    const made = h("div", { class: "veil top", onkeydown: (event) => { if (event.key === "Escape") { event.stopPropagation(); done(false); } } },
      h("div", { class: "sheet ask", role: "alertdialog", "aria-modal": "true", "aria-label": name.textContent }, name, h("div", { class: "words" }, words),
        h("footer", {}, h("button", { type: "button", class: "push", onclick: () => done(false) }, no), h("button", { type: "button", class: danger ? "push danger full" : "push primary", onclick: () => done(true) }, yes))));
    root.append(made);
    made.querySelector("footer button:last-child").focus();
  });
}
