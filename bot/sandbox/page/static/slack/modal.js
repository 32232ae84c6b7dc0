// The uppermost modal, over this window only: the other window stays free.
import { attempt, h, keyed, mark } from "../lib.js";
import { block } from "./blocks.js";
import { deskOf } from "./desk.js";
import { makeForm } from "./form.js";
import { closePopup } from "./popup.js";
import { plain } from "./rich.js";

export function makeModals(win) {
  let now = null, from = null;

  function open(view) {
    closePopup();
    if (!now) from = document.activeElement;
    now?.root.remove();
    now = drawn(win, view);
    for (const one of win.root.children) one.inert = true;
    win.root.append(now.root);
    now.root.querySelector("dialog").show();
  }

  function shut() {
    now.root.remove();
    now = null;
    for (const one of win.root.children) one.inert = false;
    if (from?.isConnected && from !== document.body) from.focus();
    else win.focus();
  }

  return {
    update(view) {
      if (!view) return now && shut();
      if (now?.id !== view.id) open(view);
      now.update(view);
    },
  };
}

function drawn(win, first) {
  const { context } = win, form = makeForm(context, () => errors());
  const title = h("h2", {}), trouble = h("p", { class: "trouble", role: "alert", hidden: true }), blocks = h("div", { class: "blocks" });
  const close = h("button", { type: "button", class: "push", onclick: () => leave(false) }), send = h("button", { type: "submit", class: "push primary" });
  const json = h("button", { type: "button", class: "quiet", onclick: () => context.json("Modal as the bot drew it", view.body) }, "View JSON");
  const cross = h("button", { type: "button", class: "cross", "aria-label": "Close all", onclick: () => leave(true) }, "×");
  const sheet = h("form", { novalidate: true, onsubmit: submit }, h("header", {}, title, json, cross), trouble, blocks, h("footer", {}, close, send));
  const dialog = h("dialog", { class: "sheet modal", "aria-modal": "true", onkeydown: keys }, sheet);
  const root = h("div", { class: "veil" }, dialog);
  let view = first, failed = "", shown = "", sent = false;
  return { id: first.id, root, update };

  function update(next) {
    view = next;
    const { body } = view;
    title.replaceChildren(...plain(body.title));
    dialog.setAttribute("aria-label", title.textContent);
    close.replaceChildren(...(body.close ? plain(body.close) : [body.submit ? "Cancel" : "Close"]));
    send.hidden = !body.submit;
    send.replaceChildren(...(body.submit ? plain(body.submit) : []));
    const desk = deskOf({ sight: win.sight, context, kind: "modal", id: view.id, values: form.over(view.values), form, root: win.root });
    keyed(blocks, body.blocks, (one) => one.block_id, (one) => mark([one, win.sight.today]), (one) => h("div", {}, block(one, desk)));
    trouble.hidden = !view.trouble;
    trouble.textContent = view.trouble;
    if (mark(view.errors) !== failed) { failed = mark(view.errors); form.forgiven.clear(); }
    errors();
    if (sent && blocks.querySelector(".wrong")) { sent = false; point(); }
    begin(body.blocks.map((one) => one.block_id).join());
  }

  /** What is new begins at its first field. */
  function begin(what) {
    if (what === shown) return;
    shown = what;
    if (dialog.contains(document.activeElement) && document.activeElement.matches("input, textarea, select") && document.activeElement.isConnected) return;
    (blocks.querySelector("input, textarea, select") ?? blocks.querySelector("button") ?? (send.hidden ? close : send)).focus();
  }

  /** The sentences under the fields: the client's own before the bot's. */
  function errors() {
    for (const one of blocks.querySelectorAll(".input")) {
      const id = one.dataset.block, line = one.querySelector(".error"), words = form.faults.get(id) || (form.forgiven.has(id) ? "" : view.errors[id]) || "";
      if (line.textContent !== words) line.textContent = words;
      line.hidden = !words;
      one.classList.toggle("wrong", Boolean(words));
      for (const field of one.querySelectorAll("[name]")) field.setAttribute("aria-invalid", String(Boolean(words)));
    }
  }

  async function submit(event) {
    event.preventDefault();
    if (send.hidden || send.getAttribute("aria-busy") === "true") return;
    if (wrong()) return point();
    send.setAttribute("aria-busy", "true");
    form.forgiven.clear();
    sent = true;
    try { await attempt(async () => { await form.flush(); await context.act("submit"); }); }
    finally { send.removeAttribute("aria-busy"); }
    errors();
    await attempt(() => context.look());
  }

  function wrong() {
    for (const one of blocks.querySelectorAll(".input")) {
      const found = [...one.querySelectorAll("[name]")].map((field) => field.faultNow?.()).find(Boolean);
      form.fault(one.dataset.block, found ?? "");
    }
    return [...form.faults.values()].some(Boolean);
  }

  function point() {
    blocks.querySelector(".wrong :is(input, textarea, select)")?.focus();
  }

  function leave(everything) {
    return attempt(() => context.act("close", { everything }));
  }

  function keys(event) {
    if (event.key === "Escape" && !event.defaultPrevented) { event.stopPropagation(); leave(false); }
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); sheet.requestSubmit(send.hidden ? undefined : send); }
  }
}
