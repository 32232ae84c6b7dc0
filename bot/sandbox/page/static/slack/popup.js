// Menus and small lists that lie over the window, beside what opened them.
import { h } from "../lib.js";

let shut = null;

/** A box over the window beside `opener`; gives the function that closes it. One at a time. Focus goes back to where it was. */
export function openBox(opener, box, { focus = true } = {}) {
  shut?.();
  const root = opener.closest(".slack");
  const close = () => {
    if (shut !== close) return;
    shut = null;
    const inside = box.contains(document.activeElement);
    box.remove();
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", away, true);
    removeEventListener("resize", close);
    if (inside) opener.isConnected ? opener.focus() : root.querySelector("textarea:not([hidden])")?.focus();
  };
  const away = (event) => { if (!box.contains(event.target) && !opener.contains(event.target)) close(); };
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); close(); } });
  document.addEventListener("pointerdown", away, true);
  addEventListener("resize", close);
  (opener.closest("dialog") ?? root).append(box);
  settle(box, opener, box.offsetParent ?? root);
  opener.setAttribute("aria-expanded", "true");
  shut = close;
  if (focus) (box.querySelector("button, input, [tabindex]") ?? box).focus();
  return close;
}

/** Under the opener, or above it where there is no room; always inside of the window. */
function settle(box, opener, root) {
  const room = root.getBoundingClientRect(), from = opener.getBoundingClientRect(), own = box.getBoundingClientRect();
  const below = from.bottom + 4 + own.height <= room.bottom || from.top - room.top < own.height + 4;
  const top = below ? Math.min(from.bottom + 4, Math.max(room.top + 4, room.bottom - own.height - 4)) : from.top - own.height - 4;
  const left = Math.max(room.left + 4, Math.min(from.right - own.width, room.right - own.width - 4));
  const along = from.left + own.width <= room.right - 4 && from.left < (room.left + room.right) / 2 ? from.left : left;
  box.style.setProperty("top", `${top - room.top + root.scrollTop}px`);
  box.style.setProperty("left", `${along - room.left}px`);
}

/** A menu of entries {words, about, sign, act, danger}; null draws a line. A second press on the opener closes it. */
export function openMenu(opener, label, entries) {
  if (opener.getAttribute("aria-expanded") === "true") return shut?.();
  const items = entries.map((one) => (one ? h("button", { type: "button", role: "menuitem", class: one.danger ? "danger" : null, onclick: () => { close(); one.act(); } }, one.sign && h("span", { class: "sign", "aria-hidden": "true" }, one.sign), h("span", {}, one.words, one.about && h("small", {}, one.about))) : h("hr", {})));
  const menu = h("div", { class: "popup menu", role: "menu", "aria-label": label, onkeydown: (event) => walk(event, menu) }, items);
  const close = openBox(opener, menu);
  return close;
}

function walk(event, menu) {
  const all = [...menu.querySelectorAll("button")], at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) { if (event.key === "Tab") { event.preventDefault(); shut?.(); } return; }
  event.preventDefault();
  all[(to + all.length) % all.length].focus();
}

/** Closes whatever lies open. */
export const closePopup = () => shut?.();
