// The mailbox of one person: a list of letters, the one that is read, and one that is written.
import { attempt, h, mark, note } from "../lib.js";
import { Composer } from "./composer.js";
import { drawLetter } from "./letter.js";
import { List } from "./list.js";

/** What is half written, by whose it is: it outlives a look into another mailbox. */
const drafts = new Map();

export function mount(root, context) {
  const made = new MailWindow(root, context);
  return { update: (screen) => made.update(screen) };
}

class MailWindow {
  constructor(root, context) {
    Object.assign(this, { context, at: null, writing: null, plain: false });
    this.list = new List((id) => this.open(id), () => this.write());
    this.pane = h("section", { class: "m-pane", "aria-label": "Letter", tabindex: "-1" });
    this.root = h("div", { class: "mw listing" }, h("div", { class: "m-rest" }, this.list.root, this.pane));
    this.root.addEventListener("keydown", (event) => { if (event.key === "Escape" && !this.root.classList.contains("listing")) { event.preventDefault(); this.back(); } });
    root.append(this.root);
  }

  update(screen) {
    this.screen = screen;
    this.list.update(screen, this.at, this.context.about);
    this.context.count(screen.letters.filter((one) => one.folder === "inbox" && !one.read).length);
    this.draw();
  }

  get letter() { return this.screen.letters.find((one) => one.id === this.at) ?? null; }

  /** Draws the pane anew where that is due: a letter that is read, and one that is written, stay as they are. */
  draw() {
    const stamp = this.writing ? `write ${this.writing.key}` : mark([this.letter && { ...this.letter, read: true }, this.plain]);
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    const back = () => this.back();
    if (this.writing) this.pane.replaceChildren(this.writing.root);
    else if (this.letter) this.pane.replaceChildren(...drawLetter(this.letter, { context: this.context, screen: this.screen, plain: this.plain, back, turn: () => { this.plain = !this.plain; this.draw(); this.pane.querySelector("[data-turn]")?.focus(); }, reply: () => this.write(this.letter) }));
    else this.pane.replaceChildren(h("p", { class: "m-none" }, this.screen.letters.length ? "Choose a letter to read it." : `Write to the desk: ${this.screen.desk}`));
  }

  // ------------------------------------------------------------ what one does

  open(id) {
    Object.assign(this, { at: id, writing: null, plain: false });
    this.root.classList.remove("listing");
    this.update(this.screen);
    if (!this.letter?.read) attempt(() => this.context.act("open_letter", { id }));
    if (!this.list.root.checkVisibility()) this.pane.querySelector("h3")?.focus();
  }

  /** A new letter, or an answer to one. */
  write(letter = null) {
    const key = `${this.context.who} ${letter?.id ?? "new"}`;
    if (!drafts.has(key)) drafts.set(key, { to: letter?.answer.to ?? this.screen.desk, subject: letter?.answer.subject ?? "", text: "", files: [] });
    this.writing = new Composer(this.context, this.screen, drafts.get(key), { key, letter, close: () => this.back(), sent: (said) => this.sent(key, said) });
    this.root.classList.remove("listing");
    this.draw();
    this.writing.begin();
  }

  sent(key, said) {
    drafts.delete(key);
    note({ returned: "It came back. The letter in the inbox says why.", waiting: "It is on its way: the desk does not answer just now." }[said.state] ?? "Sent.");
    this.back();
  }

  /** To the letter that is answered, or to the list. */
  back() {
    const answered = this.writing?.letter, at = this.at;
    this.writing = null;
    if (!answered) { this.at = null; this.root.classList.add("listing"); }
    this.update(this.screen);
    if (answered) this.pane.querySelector("[data-reply]")?.focus();
    else this.list.focus(at);
  }
}
