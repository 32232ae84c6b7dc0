// A letter that is written. Enter is a new line here, as in every mail program; Ctrl+Enter sends.
import { attempt, h } from "../lib.js";
import { drawFile } from "./letter.js";

let count = 0;

export class Composer {
  /** `draft`: {to, subject, text, files}, kept up to date. `letter` is the one that it answers; `sent` gets what became of it. */
  constructor(context, screen, draft, { key, letter, close, sent }) {
    Object.assign(this, { context, draft, key, letter, sent });
    const id = `m-people-${++count}`, name = letter ? "Reply" : "New letter";
    this.to = this.line("to", "To", { list: id, inputmode: "email", required: true });
    this.subject = this.line("subject", "Subject", { readonly: Boolean(letter), maxlength: "250" });
    this.text = h("textarea", { name: "composer", "aria-label": "Your letter", placeholder: letter ? "Your answer" : "Your letter", oninput: () => { draft.text = this.text.value; } });
    this.text.value = draft.text;
    this.pick = h("input", { type: "file", multiple: true, hidden: true, onchange: () => { this.attach(this.pick.files); this.pick.value = ""; } });
    this.files = h("ul", { class: "m-files", "aria-label": "Files" });
    this.button = h("button", { type: "submit", class: "primary" }, "Send");
    this.root = h("form", { class: "m-form", "aria-label": name, novalidate: true, onsubmit: (event) => { event.preventDefault(); this.send(); } },
      h("header", { class: "m-head" }, h("h3", {}, name)),
      h("label", {}, "To", this.to), h("datalist", { id }, screen.addresses.map((one) => h("option", { value: one.address }, one.name))),
      h("label", {}, "Subject", this.subject), this.text,
      letter && h("details", { class: "m-quoted" }, h("summary", {}, "The letter is quoted below yours"), h("pre", {}, letter.answer.quoted)),
      this.files, h("footer", {}, this.button, h("button", { type: "button", onclick: () => this.pick.click() }, "Attach files"), this.pick, h("button", { type: "button", onclick: close }, "Not now")));
    this.root.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.send(); } });
    this.root.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
    this.root.addEventListener("drop", (event) => { event.preventDefault(); this.attach(event.dataTransfer.files); });
    this.drawFiles();
  }

  line(name, label, more) {
    const made = h("input", { type: "text", name, autocomplete: "off", ...more, oninput: () => { this.draft[name] = made.value; } });
    made.value = this.draft[name];
    return made;
  }

  /** Where one begins to type. */
  begin() { (this.letter ? this.text : this.subject).focus(); }

  attach(files) {
    for (const file of files) attempt(async () => {
      this.draft.files.push({ id: await this.context.upload(file), name: file.name, size: file.size });
      this.drawFiles();
    });
  }

  drawFiles() {
    this.files.replaceChildren(...this.draft.files.map((one) => h("li", {}, drawFile(one, this.context.file(one.id)),
      h("button", { type: "button", "aria-label": `Remove ${one.name}`, onclick: () => { this.draft.files = this.draft.files.filter((other) => other !== one); this.drawFiles(); this.text.focus(); } }, "×"))));
  }

  /** What was refused stays as it is. */
  async send() {
    if (this.button.disabled) return;
    this.button.disabled = true;
    const { to, subject, text, files } = this.draft, values = { to, text, files: files.map((one) => one.id) };
    const done = await attempt(async () => {
      const said = await (this.letter ? this.context.act("reply", { ...values, id: this.letter.id }) : this.context.act("write", { ...values, subject }));
      await this.context.look();
      this.sent(said);
    });
    if (!done) this.button.disabled = false;
  }
}
