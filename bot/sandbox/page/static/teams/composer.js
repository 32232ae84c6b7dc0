// Where one writes: words, files, mentions, the app's entries, its search, and a card that is about to be sent.
import { attempt, h } from "../lib.js";
import { drawCard } from "./card.js";
import { entries, handled, people } from "./complete.js";
import { icon } from "./icons.js";
import { Listbox } from "./listbox.js";
import { drawFile } from "./message.js";
import { Search } from "./search.js";

export class Composer {
  /** `here` is what messages have. `kept`: {text, files} that outlive this composer. `main`: it has the app's search, and its cards. */
  constructor(here, kept, { name, label, thread = "", main = false, close = null }) {
    Object.assign(this, { here, kept, thread, main, close });
    this.field = h("textarea", { name, "aria-label": label, placeholder: label, rows: "1", autocomplete: "off" });
    this.field.value = kept.text;
    this.list = new Listbox(this.field, "Suggestions", (value) => this.complete(value));
    this.pick = h("input", { type: "file", multiple: true, hidden: true, onchange: () => { this.attach(this.pick.files); this.pick.value = ""; } });
    this.files = h("div", { class: "t-drafts" });
    this.card = h("div", { class: "t-draft", hidden: true });
    this.link = h("div", { class: "t-draft", hidden: true, "aria-label": "Preview of the link", role: "group" });
    this.search = main ? new Search(here, () => this.field.focus()) : null;
    this.root = h("form", { class: "t-composer", onsubmit: (event) => { event.preventDefault(); this.send(); } },
      this.list.root, this.search?.root, this.card, this.link, this.files, this.field,
      h("div", { class: "t-keys" }, this.pick, this.tool("clip", "Attach files", () => this.pick.click()), this.tool("slash", "What the app can do", () => this.offer()),
        main && this.tool("bell", "Report something", () => attempt(() => here.context.act("shortcut", { conversation: here.chat.id }))),
        main && this.tool("search", `Find a ticket with ${here.screen.app.name}`, () => this.search.toggle()), h("span", { class: "t-gap" }),
        close && h("button", { type: "button", onclick: close }, "Cancel"), this.tool("send", "Send", null, "submit")));
    this.listen();
    this.drawFiles();
    queueMicrotask(() => this.grow());
  }

  tool(sign, label, act, type = "button") {
    return h("button", { type, class: type === "submit" ? "quiet send" : "quiet", "aria-label": label, title: label, onclick: act }, icon(sign));
  }

  listen() {
    this.field.addEventListener("input", () => { this.kept.text = this.field.value; this.grow(); this.suggest(); this.unlink(); });
    this.field.addEventListener("click", () => this.suggest());
    this.field.addEventListener("blur", () => this.list.hide());
    this.field.addEventListener("keydown", (event) => {
      if (this.list.key(event)) return;
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
      if (event.key === "Escape" && this.close) { event.stopPropagation(); this.close(); }
    });
    this.field.addEventListener("paste", (event) => { if (event.clipboardData?.files.length) { event.preventDefault(); this.attach(event.clipboardData.files); } else this.preview(event.clipboardData?.getData("text/plain").trim() ?? ""); });
    this.root.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) { event.preventDefault(); event.stopPropagation(); this.root.classList.add("over"); } });
    this.root.addEventListener("dragleave", () => this.root.classList.remove("over"));
    this.root.addEventListener("drop", (event) => { event.preventDefault(); event.stopPropagation(); this.root.classList.remove("over"); this.attach(event.dataTransfer.files); });
  }

  // ------------------------------------------------------------ words

  grow() {
    this.field.style.setProperty("height", "auto");
    this.field.style.setProperty("height", `${this.field.scrollHeight + 2}px`);
  }

  set(text) {
    this.kept.text = this.field.value = text;
    this.unlink();
    this.grow();
  }

  suggest() {
    const before = this.field.value.slice(0, this.field.selectionStart), { screen, chat, context } = this.here;
    this.list.show(entries(before, chat, context.about, screen) ?? people(before, chat, screen) ?? []);
  }

  complete({ from, text }) {
    const after = this.field.value.slice(this.field.selectionStart);
    this.set(this.field.value.slice(0, from) + text + after);
    this.field.focus();
    this.field.setSelectionRange(from + text.length, from + text.length);
  }

  /** All that the app has an entry for. */
  offer() {
    if (!this.field.value) this.set("/");
    this.field.focus();
    this.suggest();
  }

  // ------------------------------------------------------------ files

  attach(files) {
    for (const file of files) attempt(async () => {
      const id = await this.here.context.upload(file);
      this.kept.files.push({ id, name: file.name || "picture.png", type: file.type, size: file.size });
      this.drawFiles();
      this.field.focus();
    });
  }

  drawFiles() {
    this.files.replaceChildren(...this.kept.files.map((one) => h("span", { class: "t-attached" }, drawFile(one, this.here.context.file(one.id)),
      h("button", { type: "button", class: "quiet", "aria-label": `Remove ${one.name}`, onclick: () => { this.kept.files = this.kept.files.filter((other) => other !== one); this.drawFiles(); this.field.focus(); } }, icon("close")))));
  }

  // ------------------------------------------------------------ a card of the app

  /** The cards that an extension put into what one writes. */
  update(cards, version) {
    this.cards = cards;
    if (this.card.dataset.version === version) return;
    this.card.dataset.version = version;
    this.card.hidden = cards.length === 0;
    const drop = () => attempt(() => this.here.context.act("drop_draft"));
    this.card.replaceChildren(...cards.map((card) => h("div", { class: "t-card" }, drawCard(card, { zone: this.here.zone, me: this.here.me, press: null }))),
      h("button", { type: "button", class: "quiet", "aria-label": "Remove the card", title: "Remove the card", onclick: drop }, icon("close")));
    if (cards.length) this.field.focus();
  }

  /** A link to the app's own pages that was just pasted: what it will be shown as. */
  preview(url) {
    if (!/^https:\/\/\S+$/u.test(url)) return;
    attempt(async () => {
      const { card } = await this.here.context.act("paste", { conversation: this.here.chat.id, url });
      if (!card || !this.field.value.includes(url)) return;
      this.pasted = url;
      this.link.replaceChildren(h("div", { class: "t-card" }, drawCard(card, { zone: this.here.zone, me: this.here.me, press: null })));
      this.link.hidden = false;
    });
  }

  /** The preview goes with its link. */
  unlink() {
    if (this.link.hidden || this.field.value.includes(this.pasted)) return;
    this.link.hidden = true;
    this.link.replaceChildren();
  }

  async send() {
    const { text, files } = this.kept, { context, chat, screen } = this.here, words = handled(text, screen.people);
    if (this.cards?.length) return this.sent(() => context.act("send_draft", { conversation: chat.id, text: words }));
    if (!text.trim() && !files.length) return;
    await this.sent(() => context.act("say", { conversation: chat.id, thread: this.thread, text: words.trim(), files: files.map((one) => one.id) }));
  }

  /** The field is empty at once; what was refused comes back. */
  async sent(act) {
    const { text, files } = this.kept;
    this.kept.files = [];
    this.set("");
    this.drawFiles();
    if (await attempt(act)) { this.close?.(); return; }
    if (!this.kept.text) this.set(text);
    this.kept.files = [...files, ...this.kept.files];
    this.drawFiles();
  }
}
