// A field with a list under it: type to find, arrows and Enter to choose, Backspace to take back. (WAI-ARIA: combobox with a listbox.)
import { attempt, h } from "../lib.js";

let count = 0;

/** `look(typed)` gives groups of items {key, words, about, raw}, `put(items)` takes all that are chosen. */
export function picker({ field, control, many, most, placeholder, look, least, chosen, optional, put }) {
  const id = `slack-list-${++count}`;
  const list = h("div", { id, role: "listbox", class: "options", "aria-label": placeholder, hidden: true });
  const chips = h("span", { class: "chips" });
  const input = h("input", {
    ...field, type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", data: { control },
    oninput: () => attempt(open), onclick: () => attempt(open), onkeydown: keys, onblur: leave,
  });
  const root = h("div", { class: many ? "picker many" : "picker" }, chips, input, list);
  let items = [...chosen], shown = [], at = -1, asked = 0;
  draw();
  return root;

  function draw() {
    chips.replaceChildren(...(many ? items.map(chip) : []));
    input.placeholder = many && items.length ? "" : placeholder;
    if (!many) input.value = items[0]?.words ?? "";
  }

  function chip(item) {
    return h("span", { class: "chip" }, item.words, h("button", { type: "button", "aria-label": `Remove ${item.words}`, onclick: () => { change(items.filter((one) => one.key !== item.key)); input.focus(); } }, "×"));
  }

  function change(to) {
    items = to;
    draw();
    return attempt(() => put(items));
  }

  async function open() {
    const typed = !many && input.value === (items[0]?.words ?? "") ? "" : input.value.trim(), turn = ++asked;
    if (typed.length < least) return tell(`Type ${least - typed.length} more letter${least - typed.length > 1 ? "s" : ""} to look it up`);
    const groups = await look(typed);
    if (turn !== asked || document.activeElement !== input) return;
    shown = [];
    list.replaceChildren(...groups.flatMap((group) => [group.words ? h("p", { class: "group", role: "presentation" }, group.words) : null, ...group.items.filter(free).map(option)]).filter(Boolean));
    if (!shown.length) return tell(typed ? "Nothing is called so" : "There is nothing more to choose");
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    point(0);
  }

  function tell(words) {
    shown = [];
    list.replaceChildren(h("p", { class: "none" }, words));
    list.hidden = false;
  }

  function free(item) {
    return !many || !items.some((one) => one.key === item.key);
  }

  function option(item) {
    const made = h("div", { role: "option", id: `${id}-${shown.length}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); take(item); } }, h("span", {}, item.words), item.about && h("small", {}, item.about));
    shown.push({ item, made });
    return made;
  }

  function point(to) {
    at = (to + shown.length) % shown.length;
    shown.forEach(({ made }, n) => made.setAttribute("aria-selected", String(n === at)));
    input.setAttribute("aria-activedescendant", shown[at].made.id);
    shown[at].made.scrollIntoView({ block: "nearest" });
  }

  function take(item) {
    if (many && items.length >= most) return tell(`At most ${most} can be chosen`);
    if (many) input.value = "";
    shut();
    return change(many ? [...items, item] : [item]);
  }

  function shut() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    asked++;
  }

  function leave() {
    shut();
    if (many) input.value = "";
    else if (input.value === "" && optional && items.length) change([]);
    else draw();
  }

  function keys(event) {
    if (event.isComposing) return;
    const open_ = !list.hidden && shown.length > 0;
    if (event.key === "Escape" && !list.hidden) { shut(); event.stopPropagation(); event.preventDefault(); }
    else if (event.key === "Backspace" && many && input.value === "" && items.length) change(items.slice(0, -1));
    else if (event.key === "Enter") { event.preventDefault(); if (open_) take(shown[at].item); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open_) point(at + (event.key === "ArrowDown" ? 1 : -1));
      else attempt(open);
    }
  }
}
