// Completion as one types: people, channels, emoji and commands. What is typed out already (`done`) is not in the way of Enter.
import { avatar, h } from "../lib.js";
import { emojiLike } from "./emoji.js";

const MOST = 8;
let count = 0;

/** Ties a list to a field; `sources()` gives {people, channels, commands} as they are now. Its `keys(event)` is true if the key was for the list. */
export function completion(field, sources) {
  const id = `slack-complete-${++count}`;
  const list = h("div", { id, class: "options complete", role: "listbox", "aria-label": "Suggestions", hidden: true });
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);
  let shown = [], at = 0;
  field.addEventListener("input", look);
  field.addEventListener("click", look);
  field.addEventListener("blur", shut);
  return { list, keys, shut };

  function look() {
    const found = field.selectionStart === field.selectionEnd ? wanted(field.value.slice(0, field.selectionStart), sources()) : [];
    if (!found.length) return shut();
    shown = found.map((one, n) => ({ ...one, made: h("div", { role: "option", id: `${id}-${n}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); take(n); } }, one.sign && h("span", { class: "sign", "aria-hidden": "true" }, one.sign), h("span", {}, one.words), one.about && h("small", {}, one.about)) }));
    list.replaceChildren(...shown.map((one) => one.made));
    list.hidden = false;
    point(0);
  }

  function point(to) {
    at = (to + shown.length) % shown.length;
    shown.forEach(({ made }, n) => made.setAttribute("aria-selected", String(n === at)));
    field.setAttribute("aria-activedescendant", shown[at].made.id);
    shown[at].made.scrollIntoView({ block: "nearest" });
  }

  function shut() {
    shown = [];
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }

  function take(n) {
    const { insert, from } = shown[n], end = field.selectionEnd;
    field.setRangeText(insert, from, end, "end");
    shut();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function keys(event) {
    if (!shown.length || event.isComposing) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") point(at + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Escape") shut();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) { if (shown[at].done && event.key === "Enter") { shut(); return false; } take(at); }
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}

function wanted(before, { people, channels, commands }) {
  const command = /^\/(\S*)$/.exec(before);
  if (command) return commands.filter((one) => one.command.startsWith(before)).map((one) => ({ words: `${one.command} ${one.hint}`, about: one.about, sign: "/", insert: one.command + " ", from: 0, done: one.command === before }));
  const found = /(^|[\s(])([@#:])([\p{L}\p{N}_.+'-]*)$/u.exec(before);
  if (!found) return [];
  const [, , sign, typed] = found, from = before.length - typed.length - 1, low = typed.toLowerCase();
  if (sign === "@") return people.filter((one) => one.handle.startsWith(low) || one.name.toLowerCase().split(" ").some((part) => part.startsWith(low))).slice(0, MOST).map((one) => ({ words: one.name, about: "@" + one.handle + (one.here ? "" : " · not in this conversation"), sign: avatar(one, one.id), insert: `@${one.handle} `, from, done: one.handle === typed }));
  if (sign === "#") return channels.filter((one) => one.name.startsWith(low)).slice(0, MOST).map((one) => ({ words: "#" + one.name, insert: `#${one.name} `, from, done: one.name === typed }));
  return typed.length < 2 ? [] : emojiLike(low, MOST).map(([name, one]) => ({ words: `:${name}:`, sign: one, insert: `:${name}: `, from }));
}
