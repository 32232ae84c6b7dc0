// A list of suggestions under the hand of a text field: arrows walk, Enter and Tab take, Esc closes.
import { h } from "../lib.js";

let count = 0;

export class Listbox {
  /** `take` is given the `value` of the option; options are {value, label, about?, face?}. */
  constructor(input, label, take) {
    this.input = input;
    this.take = take;
    this.id = `t-list-${++count}`;
    this.root = h("ul", { id: this.id, class: "t-list", role: "listbox", "aria-label": label, hidden: true });
    for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-controls": this.id, "aria-expanded": "false" })) input.setAttribute(name, value);
    this.options = [];
    this.at = 0;
  }

  get open() { return !this.root.hidden; }

  show(options) {
    const same = this.options[this.at]?.label;
    this.options = options;
    this.at = Math.max(0, options.findIndex((one) => one.label === same));
    this.root.replaceChildren(...options.map((one, at) => h("li", {
      id: `${this.id}-${at}`, role: "option", onmousedown: (event) => { event.preventDefault(); this.pick(at); },
    }, one.face, h("span", { class: "t-option" }, h("strong", {}, one.label), one.about && h("small", {}, one.about)))));
    this.root.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(this.open));
    this.mark();
  }

  hide() { this.show([]); }

  mark() {
    [...this.root.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === this.at)));
    const active = this.root.children[this.at];
    if (active) { this.input.setAttribute("aria-activedescendant", active.id); active.scrollIntoView({ block: "nearest" }); }
    else this.input.removeAttribute("aria-activedescendant");
  }

  pick(at) {
    const one = this.options[at];
    this.hide();
    this.take(one.value);
  }

  /** Whether the key was for the list. */
  key(event) {
    if (!this.open || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { this.at = (this.at + step + this.options.length) % this.options.length; this.mark(); }
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) this.pick(this.at);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
