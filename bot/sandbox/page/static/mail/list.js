// The list of letters: those that came, or those that were sent.
import { h, keyed, mark, timeOf } from "../lib.js";

const FOLDERS = [["inbox", "Inbox"], ["sent", "Sent"]];
const STATES = { waiting: "On its way", returned: "Came back", delivered: "Delivered" };

export class List {
  /** `pick(id)` opens a letter; `write()` begins one. */
  constructor(pick, write) {
    Object.assign(this, { pick, folder: "inbox" });
    this.folders = FOLDERS.map(([value, label]) => h("button", { type: "button", class: "m-folder", value, onclick: () => this.turn(value) }, label));
    this.rows = h("ul", { class: "m-rows" });
    this.none = h("div", { class: "m-empty" });
    this.root = h("nav", { class: "m-list", "aria-label": "Letters" },
      h("header", {}, h("div", { role: "group", "aria-label": "Which letters" }, this.folders), h("button", { type: "button", class: "primary", onclick: write }, "New letter")), this.none, this.rows);
    this.rows.addEventListener("keydown", (event) => this.walk(event));
  }

  turn(folder) {
    this.folder = folder;
    this.update(this.screen, this.at, this.about);
  }

  update(screen, at, about) {
    Object.assign(this, { screen, at, about });
    const unread = screen.letters.filter((one) => one.folder === "inbox" && !one.read).length;
    for (const one of this.folders) {
      one.setAttribute("aria-pressed", String(one.value === this.folder));
      one.textContent = one.value === "inbox" && unread ? `Inbox ${unread}` : one.value === "inbox" ? "Inbox" : "Sent";
    }
    const letters = screen.letters.filter((one) => one.folder === this.folder);
    keyed(this.rows, letters, (one) => one.id, (one) => mark([one.read, one.state, one.id === at, this.when(one)]), (one, before) => this.row(one, before));
    this.none.hidden = letters.length > 0;
    if (!letters.length && this.none.dataset.folder !== this.folder) {
      this.none.dataset.folder = this.folder;
      this.none.replaceChildren(...(this.folder === "sent" ? [h("p", {}, "You have sent nothing yet.")] : [
        h("p", {}, h("strong", {}, "No letters yet.")), h("p", {}, "Letters arrive here when the desk writes to somebody by e-mail."),
        h("p", {}, "The desk reads no mail yet; what you send comes back. Its address: ", h("span", { class: "m-address" }, screen.desk))]));
    }
  }

  when(one) {
    const zone = this.screen.zone, day = (seconds) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short" }).format(new Date(seconds * 1000));
    return day(one.at) === day(Date.parse(this.about.now) / 1000) ? timeOf(one.at, zone) : day(one.at);
  }

  row(one, before) {
    const who = this.folder === "sent" ? `To ${one.to.map((each) => each.name || each.address).join(", ")}` : one.from.name || one.from.address;
    const held = before?.contains(document.activeElement);
    const made = h("li", {}, h("button", {
      type: "button", class: one.read ? "m-row" : "m-row unread", data: { letter: one.id }, "aria-current": one.id === this.at ? "true" : null,
      "aria-description": one.read ? null : "unread", onclick: () => this.pick(one.id),
    }, h("span", { class: "m-who" }, who), h("time", { datetime: new Date(one.at * 1000).toISOString() }, this.when(one)),
      h("span", { class: "m-subject" }, one.subject, one.attachments.length > 0 && h("span", { class: "m-clip", role: "img", "aria-label": "with files" }, "📎")),
      h("span", { class: "m-line" }, one.state ? h("b", { class: one.state }, `${STATES[one.state]} · `) : null, one.text.split("\n").find((line) => line.trim()) ?? "")));
    if (held) queueMicrotask(() => made.firstChild.focus({ preventScroll: true }));
    return made;
  }

  /** The keyboard goes on where it was. */
  focus(id) {
    ([...this.rows.querySelectorAll(".m-row")].find((one) => one.dataset.letter === id) ?? this.root.querySelector(".primary")).focus();
  }

  walk(event) {
    const rows = [...this.rows.querySelectorAll(".m-row")], at = rows.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[Math.max(0, Math.min(to, rows.length - 1))]?.focus();
  }
}
