// What can be filled in on a card. A field is read as text, a list of texts where several can be chosen, or null while it is empty.
import { avatar, h } from "../lib.js";
import { Combo } from "./combo.js";
import { dated } from "./words.js";

export const PEOPLE = "graph.microsoft.com/users";
let count = 0;

/** What is in the field at the start: what the person left there, else what the card says. */
function start(field, sight) { return String(sight.at.values?.[field.id] ?? field.value ?? ""); }

/** A field in its frame. `control` carries the name and is named by the label; `read` gives its value. */
function framed(field, sight, control, read, { group = false, body = control } = {}) {
  const id = control.id || `t-field-${++count}`, words = field.label ?? (field.type === "Input.Toggle" ? "" : field.placeholder ?? field.id);
  control.id = id;
  const star = field.isRequired && h("span", { class: "star", "aria-hidden": "true" }, " *");
  const error = h("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
  control.setAttribute("aria-describedby", error.id);
  if (field.isRequired && !group) control.setAttribute("aria-required", "true");
  const told = () => sight.at.changed?.(field.id, read());
  for (const event of ["input", "change"]) body.addEventListener(event, told);
  sight.field(field.id, String(field.label || field.title || field.placeholder || field.id), read, control, error);
  const label = words && (group ? h("legend", {}, words, star) : h("label", { for: id }, words, star));
  return h(group ? "fieldset" : "div", { class: "field" }, label, body, error);
}

function text(field, sight) {
  const props = { name: field.id, placeholder: field.placeholder, maxlength: field.maxLength, autocomplete: "off" };
  const control = field.isMultiline ? h("textarea", { ...props, rows: "4" }) : h("input", { ...props, type: { email: "email", tel: "tel", url: "url", password: "password" }[String(field.style).toLowerCase()] ?? "text" });
  control.value = start(field, sight);
  return framed(field, sight, control, () => control.value || null);
}

/** Of the browser's own kinds. */
const native = (type, more = {}) => (field, sight) => {
  const control = h("input", { type, name: field.id, min: field.min, max: field.max, ...more });
  control.value = start(field, sight);
  return framed(field, sight, control, () => control.value || null);
};

function toggle(field, sight) {
  const on = field.valueOn ?? "true", off = field.valueOff ?? "false";
  const control = h("input", { type: "checkbox", name: field.id });
  control.checked = start({ ...field, value: field.value ?? off }, sight) === on;
  control.id = `t-field-${++count}`;
  const body = h("div", { class: "choice" }, control, h("label", { for: control.id }, field.title));
  return framed(field, sight, control, () => control.checked ? on : off, { body });
}

function choiceSet(field, sight) {
  const style = String(field.style ?? "compact").toLowerCase();
  if (field["choices.data"] || style === "filtered") return searched(field, sight);
  return style === "expanded" || field.isMultiSelect ? boxes(field, sight) : select(field, sight);
}

function select(field, sight) {
  const control = h("select", { name: field.id }, h("option", { value: "" }, field.placeholder ?? "Choose one"), field.choices.map((one) => h("option", { value: one.value }, one.title)));
  control.value = start(field, sight);
  return framed(field, sight, control, () => control.value || null);
}

function boxes(field, sight) {
  const chosen = new Set(field.isMultiSelect ? start(field, sight).split(",") : [start(field, sight)]);
  const kind = field.isMultiSelect ? "checkbox" : "radio", name = `${field.id}`;
  const form = h("div", { class: field.choices.length > 8 ? "choices many" : "choices", role: field.isMultiSelect ? "group" : "radiogroup", "aria-label": field.label });
  for (const one of field.choices) {
    const box = h("input", { type: kind, name, value: one.value, id: `t-field-${++count}`, ".checked": chosen.has(one.value) });
    form.append(h("div", { class: "choice" }, box, h("label", { for: box.id }, dated(one.title, sight.at.zone))));
  }
  const read = () => {
    const ticked = [...form.querySelectorAll("input:checked")].map((one) => one.value);
    return ticked.length === 0 ? null : field.isMultiSelect ? ticked : ticked[0];
  };
  return framed(field, sight, form, read, { group: true });
}

/** A long list or people, looked for by typing. */
function searched(field, sight) {
  const [dataset, scope] = String(field["choices.data"]?.dataset ?? "").split("?");
  const people = dataset === PEOPLE ? offered(sight, scope === "scope=currentContext") : [];
  const options = [...(field.choices ?? []).map((one) => ({ value: one.value, label: one.title })), ...people];
  const combo = new Combo(field.id, options, Boolean(field.isMultiSelect), field.placeholder ?? (people.length ? "Type a name" : "Type to search"), start(field, sight));
  return framed(field, sight, combo.input, () => combo.value, { body: combo.root });
}

function offered(sight, here) {
  const known = Object.entries(sight.at.people ?? {}).filter(([id, one]) => one.aad && !one.gone && (!here || sight.at.members?.includes(id)));
  return known.map(([id, one]) => ({ value: one.aad, label: one.name, about: one.handle, face: avatar(one, id) })).sort((a, b) => a.label.localeCompare(b.label));
}

function rating(field, sight) {
  const most = field.max ?? 5, chosen = Number(start(field, sight));
  const name = `${field.id}`, form = h("div", { class: "rating", role: "radiogroup", "aria-label": field.label });
  for (let stars = 1; stars <= most; stars++) {
    const box = h("input", { type: "radio", name, value: String(stars), id: `t-field-${++count}`, ".checked": stars === chosen });
    form.append(h("span", { class: "choice" }, box, h("label", { for: box.id, title: `${stars} of ${most}` }, String(stars))));
  }
  return framed(field, sight, form, () => form.querySelector("input:checked")?.value ?? null, { group: true });
}

export const INPUTS = {
  "Input.Text": text,
  "Input.Number": native("number", { step: "any" }),
  "Input.Date": native("date"),
  "Input.Time": native("time"),
  "Input.Toggle": toggle,
  "Input.ChoiceSet": choiceSet,
  "Input.Rating": rating,
};
