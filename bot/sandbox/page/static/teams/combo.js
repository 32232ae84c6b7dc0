// A field in which one looks for choices by typing, one or several.
import { h } from "../lib.js";
import { icon } from "./icons.js";
import { Listbox } from "./listbox.js";

const MOST = 50;

export class Combo {
  /** `chosen`: the values at the start, with commas between them. Tells a "change" on `root`. */
  constructor(name, options, several, placeholder, chosen) {
    this.options = options;
    this.several = several;
    this.chosen = chosen.split(",").filter(Boolean);
    this.input = h("input", { type: "text", name, role: "combobox", placeholder, autocomplete: "off" });
    this.list = new Listbox(this.input, placeholder, (value) => this.add(value));
    this.tags = h("span", { class: "tags" });
    this.root = h("div", { class: "combo" }, this.tags, this.input, this.list.root);
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("click", () => this.search());
    this.input.addEventListener("change", (event) => event.stopPropagation());
    this.input.addEventListener("blur", () => this.left());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.draw();
  }

  get value() { return this.chosen.length === 0 ? null : this.several ? [...this.chosen] : this.chosen[0]; }

  label(value) { return this.options.find((one) => one.value === value)?.label ?? value; }

  search() {
    const words = this.input.value.trim().toLowerCase(), single = !this.several && this.chosen.length && this.label(this.chosen[0]).toLowerCase() === words;
    const fits = (one) => single || `${one.label} ${one.about ?? ""}`.toLowerCase().includes(words);
    this.list.show(this.options.filter((one) => fits(one) && !(this.several && this.chosen.includes(one.value))).slice(0, MOST));
  }

  key(event) {
    if (this.list.key(event)) return;
    if (event.key === "ArrowDown") { event.preventDefault(); this.search(); }
    else if (event.key === "Backspace" && this.several && this.input.value === "" && this.chosen.length) this.remove(this.chosen.at(-1));
    else if (event.key === "Enter") event.preventDefault();
  }

  add(value) {
    this.chosen = this.several ? [...this.chosen, value] : [value];
    this.told();
  }

  remove(value) {
    this.chosen = this.chosen.filter((one) => one !== value);
    this.told();
    this.input.focus();
  }

  told() {
    this.draw();
    this.root.dispatchEvent(new Event("change"));
  }

  /** Words that chose nothing go away again; an emptied field chooses nothing. */
  left() {
    this.list.hide();
    if (!this.several && this.chosen.length && this.input.value.trim() === "") { this.chosen = []; this.told(); }
    else this.draw();
  }

  /** What is chosen stands there: as tags, or as the words of the field. */
  draw() {
    if (this.several) {
      this.input.value = "";
      this.tags.replaceChildren(...this.chosen.map((value) => h("span", { class: "tag" }, this.label(value),
        h("button", { type: "button", "aria-label": `Remove ${this.label(value)}`, onclick: () => this.remove(value) }, icon("close")))));
    } else this.input.value = this.chosen.length ? this.label(this.chosen[0]) : "";
  }
}
