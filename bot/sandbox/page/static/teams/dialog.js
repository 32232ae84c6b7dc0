// The dialog that is open: a card with fields, or a sentence. It covers this window only, so that the other chat stays at hand.
import { attempt, h, mark, Refused } from "../lib.js";
import { Sight } from "./card.js";
import { icon } from "./icons.js";

const PAUSE = 400;

export class DialogWindow {
  /** `rest` cannot be reached while a dialog is open. */
  constructor(context, rest) {
    Object.assign(this, { context, rest, sight: null, waiting: new Map(), sent: {} });
    this.veil = h("div", { class: "t-veil", hidden: true });
    this.root = this.veil;
  }

  update(screen, zone) {
    this.screen = screen;
    const dialog = screen.dialog, stamp = dialog && mark([dialog.id, dialog.title, dialog.text, dialog.card]);
    if (!dialog) { if (this.made) this.gone(); return; }
    if (stamp !== this.stamp) { this.stamp = stamp; this.draw(dialog, zone); }
    this.trouble.textContent = dialog.trouble ?? "";
    this.trouble.hidden = !dialog.trouble;
    this.wrong = this.sight?.tell(dialog.errors) ?? null;
  }

  gone() {
    this.forget();
    this.made.remove();
    this.made = this.sight = this.stamp = null;
    this.veil.hidden = true;
    this.rest.inert = false;
    if (this.before?.isConnected) this.before.focus();
    else this.rest.querySelector("textarea")?.focus();
  }

  draw(dialog, zone) {
    this.forget();
    this.sent = {};
    if (!this.made) this.before = document.activeElement;
    const close = () => attempt(() => this.context.act("close"));
    const chat = this.screen.conversations.find((one) => one.id === dialog.conversation);
    this.sight = dialog.card && new Sight({
      zone, me: this.screen.people[this.screen.me]?.name, people: this.screen.people, members: chat?.members ?? [], values: dialog.drafts,
      press: (action, values) => this.submit(action, values), changed: (field, value) => this.fill(field, value),
    });
    this.trouble = h("p", { class: "wrong", role: "alert", hidden: true });
    const old = this.made, title = dialog.title || this.screen.app.name;
    this.made = h("dialog", { class: "t-dialog", "aria-label": title, tabindex: "-1" },
      h("header", {}, h("h3", {}, title), h("button", { type: "button", class: "quiet", "aria-label": "Close", title: "Close", onclick: close }, icon("close"))),
      h("div", { class: "t-sheet" }, dialog.text && h("p", { class: "text" }, dialog.text), this.sight?.card(dialog.card), this.trouble),
      !this.sight && h("footer", {}, h("button", { type: "button", class: "positive", onclick: close }, "Close")));
    this.made.addEventListener("keydown", (event) => this.key(event, close));
    this.made.addEventListener("submit", (event) => event.preventDefault());
    if (old) old.remove();
    this.veil.append(this.made);
    this.veil.hidden = false;
    this.rest.inert = true;
    this.made.show();
    this.begin();
  }

  /** Where one begins to type: what is wrong, else the first field. Nothing is pressed by chance where there is none. */
  begin() {
    const wrong = [...this.made.querySelectorAll(".color-attention")].map((one) => one.closest(".ac-element")?.previousElementSibling?.querySelector("input, select, textarea")).find(Boolean);
    (wrong ?? this.made.querySelector(".t-sheet :is(input, select, textarea)") ?? this.made.querySelector("footer button") ?? this.made).focus();
  }

  key(event, close) {
    if (event.key === "Escape" && !this.made.querySelector(":popover-open")) { event.preventDefault(); event.stopPropagation(); close(); }
    if (event.key === "Enter" && event.target.matches("input") && !event.defaultPrevented && !event.isComposing) { event.preventDefault(); this.made.querySelector(".actions button")?.click(); }
  }

  // ------------------------------------------------------------ what is filled in

  /** Kept by the platform soon after it was typed, so that nothing is lost by a reload. */
  fill(field, value) {
    if (mark(this.sent[field] ?? null) === mark(value)) return;
    this.sent[field] = value;
    clearTimeout(this.waiting.get(field));
    this.waiting.set(field, setTimeout(() => { this.waiting.delete(field); this.keep(field, value); }, PAUSE));
  }

  /** What the client would not take yet, such as half a date, is told when the dialog is sent. */
  async keep(field, value) {
    try { await this.context.act("fill", { field, value }); }
    catch (why) { if (!(why instanceof Refused)) throw why; }
  }

  forget() {
    for (const one of this.waiting.values()) clearTimeout(one);
    this.waiting.clear();
  }

  async submit(action, values) {
    const odd = [...this.made.querySelectorAll("input")].find((one) => one.validity.badInput);
    if (odd) { odd.reportValidity(); return; }
    this.forget();
    const made = this.made;
    try { await this.context.act("submit", { number: action.$n, title: action.title, values }); }
    catch (why) {
      if (!(why instanceof Refused)) throw why;
      await this.context.look();
      if (made !== this.made) return;
      if (this.wrong) { (this.wrong.matches("input, select, textarea") ? this.wrong : this.wrong.querySelector("input"))?.focus(); return; }
      this.trouble.textContent = why.message;
      this.trouble.hidden = false;
    }
  }
}
