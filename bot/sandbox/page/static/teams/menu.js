// A button that opens a few others. The browser itself closes it by Esc and by a press elsewhere.
import { attempt, h } from "../lib.js";
import { icon } from "./icons.js";

let count = 0;

/** The button and its menu. `entries()`, asked when it opens: {label, act, hint?, danger?, off?}, or nodes to be shown as they are. */
export function menu(label, entries, { face = icon("more"), kind = "quiet" } = {}) {
  const id = `t-menu-${++count}`;
  const sheet = h("div", { id, popover: "auto", class: "t-menu", role: "group", "aria-label": label });
  const button = h("button", { type: "button", class: kind, "aria-label": label, title: label, "aria-haspopup": "true", "aria-expanded": "false", popovertarget: id }, face);
  sheet.addEventListener("beforetoggle", (event) => { if (event.newState === "open") sheet.replaceChildren(...entries().map((one) => drawn(one, sheet))); });
  sheet.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (open) { beside(sheet, button); sheet.querySelector("button:not([disabled])")?.focus(); }
  });
  sheet.addEventListener("keydown", (event) => walk(sheet, event));
  return h("span", { class: "t-menued" }, button, sheet);
}

function drawn(entry, sheet) {
  if (entry instanceof Node) return entry;
  const act = () => { sheet.hidePopover(); attempt(async () => entry.act()); };
  return h("button", { type: "button", class: entry.danger ? "danger" : null, disabled: entry.off, title: entry.hint, onclick: act }, entry.label);
}

/** Below the button where there is room, else above; never outside of the window. */
function beside(sheet, button) {
  const at = button.getBoundingClientRect(), size = sheet.getBoundingClientRect();
  const below = at.bottom + size.height + 8 <= innerHeight || at.top < size.height + 8;
  sheet.style.setProperty("left", `${Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8))}px`);
  sheet.style.setProperty("top", `${Math.max(8, below ? Math.min(at.bottom + 4, innerHeight - size.height - 8) : at.top - size.height - 4)}px`);
}

function walk(sheet, event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const buttons = [...sheet.querySelectorAll("button:not([disabled])")];
  event.preventDefault();
  buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length)?.focus();
}
