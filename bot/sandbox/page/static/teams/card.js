// An Adaptive Card as Teams draws it, from its JSON alone.
import { h } from "../lib.js";
import { ACTIONS } from "./actions.js";
import { ELEMENTS, PARTS } from "./elements.js";
import { INPUTS } from "./inputs.js";

export const TABLES = { elements: ELEMENTS, parts: PARTS, inputs: INPUTS, actions: ACTIONS };

/** One card on the screen. `at`: {zone, me, people, members (whom a people picker of this conversation offers), values (by field),
 *  errors (by label), press(action, values) or null where nothing can be pressed yet, changed(field, value)}. */
export class Sight {
  constructor(at) {
    this.at = at;
    this.fields = new Map();
  }

  /** The whole of it. */
  card(card) {
    this.root = h("div", { class: card.msteams?.width === "Full" ? "ac wide" : "ac" }, this.all(card.body));
    if (card.actions?.length) this.root.append(this.draw({ type: "ActionSet", actions: card.actions, spacing: "Medium" }));
    return this.root;
  }

  all(elements) { return (elements ?? []).map((one) => this.draw(one)); }

  draw(element) {
    const made = this.by({ ...ELEMENTS, ...INPUTS }, element);
    made.classList.add("ac-element", `space-${String(element.spacing ?? "default").toLowerCase()}`);
    if (element.separator) made.classList.add("separated");
    if (element.horizontalAlignment) made.classList.add(`to-${element.horizontalAlignment.toLowerCase()}`);
    if (element.id) made.dataset.id = element.id;
    if (element.isVisible === false) made.hidden = true;
    return made;
  }

  action(action, kind = "button") { return this.by(ACTIONS, action, kind); }

  part(part, ...more) { return this.by(PARTS, part, ...more); }

  by(table, thing, ...more) {
    const type = String(thing?.type);
    return Object.hasOwn(table, type) ? table[type](thing, this, ...more) : h("p", { class: "undrawn", role: "alert" }, `${type} cannot be drawn`);
  }

  // ------------------------------------------------------------ fields

  /** A field registers how it is read and where its error stands. */
  field(id, label, read, control, error) { this.fields.set(id, { label, read, control, error }); }

  /** What is in the fields, by id; null for an empty one. */
  values() { return Object.fromEntries([...this.fields].map(([id, one]) => [id, one.read()])); }

  /** Shows sentences under fields, by label; gives the first control that is wrong. */
  tell(errors) {
    let first = null;
    for (const { label, control, error } of this.fields.values()) {
      const sentence = errors[label] ?? "";
      error.textContent = sentence;
      error.hidden = !sentence;
      control.toggleAttribute("aria-invalid", Boolean(sentence));
      if (sentence) { control.setAttribute("aria-invalid", "true"); first ??= control; }
    }
    return first;
  }
}

/** A card that stands in a message or is about to. */
export const drawCard = (card, at) => new Sight(at).card(card);
