// The app's search above the compose box: what it finds is put into the message.
import { attempt, h } from "../lib.js";
import { drawCard } from "./card.js";
import { icon } from "./icons.js";

const PAUSE = 250;

export class Search {
  /** `done` is called when it closes. */
  constructor(here, done) {
    Object.assign(this, { here, done, found: [], at: 0, asked: 0 });
    this.field = h("input", { type: "search", "aria-label": "Find a ticket", placeholder: "Words or a number", autocomplete: "off" });
    this.state = h("p", { class: "t-hint", role: "status" });
    this.list = h("ul", { class: "t-found", "aria-label": "Found" });
    this.preview = h("div", { class: "t-preview" });
    this.root = h("section", { class: "t-search", "aria-label": "Find a ticket", hidden: true },
      h("header", {}, icon("search"), this.field, h("button", { type: "button", class: "quiet", "aria-label": "Close the search", onclick: () => this.close() }, icon("close"))), this.state, this.list, this.preview);
    this.field.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.look(), PAUSE); });
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  toggle() { if (this.root.hidden) this.open(); else this.close(); }

  open() {
    this.root.hidden = false;
    this.field.value = "";
    this.field.focus();
    this.look();
  }

  close() {
    clearTimeout(this.timer);
    this.asked++;
    this.root.hidden = true;
    this.done();
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); this.close(); }
    else if (event.key === "Enter" && event.target === this.field) { event.preventDefault(); if (this.found.length && this.words === this.field.value.trim()) this.pick(this.at); else this.look(); }
    else if (step && this.found.length) { event.preventDefault(); this.mark((this.at + step + this.found.length) % this.found.length); this.list.children[this.at].firstChild.focus(); }
  }

  /** Asks the app; an answer that comes after the next question is left. */
  async look() {
    const asked = ++this.asked, text = this.field.value.trim();
    clearTimeout(this.timer);
    this.state.textContent = "Looking …";
    const done = await attempt(async () => {
      const { found, said } = await this.here.context.act("search", { text, conversation: this.here.chat.id });
      if (asked !== this.asked) return;
      Object.assign(this, { found, words: text });
      this.state.textContent = found.length ? "" : said || "Nothing found.";
      this.root.classList.toggle("none", found.length === 0);
      this.list.replaceChildren(...found.map((one, at) => h("li", {}, h("button", { type: "button", onclick: () => this.pick(at), onfocus: () => this.mark(at), onmouseenter: () => this.mark(at) }, h("strong", {}, one.title), one.text && h("small", {}, one.text)))));
      this.mark(0);
    });
    if (!done && asked === this.asked) { this.state.textContent = "The search does not work just now."; this.list.replaceChildren(); this.mark(0); }
  }

  mark(at) {
    this.at = at;
    [...this.list.children].forEach((one, each) => one.classList.toggle("at", each === at));
    const one = this.list.children.length ? this.found[at] : null;
    this.preview.replaceChildren(...(one ? [drawCard(one.card, { zone: this.here.zone, me: this.here.me, press: null })] : []));
  }

  pick(at) {
    return attempt(async () => {
      await this.here.context.act("pick", { text: this.words, conversation: this.here.chat.id, number: at });
      this.close();
    });
  }
}
