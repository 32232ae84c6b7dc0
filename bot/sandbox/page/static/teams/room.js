// One open conversation: its head, what was said, and where one writes.
import { h, keyed, mark, timeOf } from "../lib.js";
import { appEntry } from "./apps.js";
import { Composer } from "./composer.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { drawMessage } from "./message.js";
import { called } from "./sidebar.js";

const CLOSE = 5 * 60, NEAR = 60;

export class Room {
  /** `here`: {context, screen, chat, zone, me, editing, redraw}; `kept(thread)`: what is half written there; `back`: to the list. */
  constructor(here, kept, back) {
    Object.assign(this, { here, kept, back });
    const { chat, screen } = here, name = called(chat, screen);
    this.isChannel = chat.kind === "channel";
    this.members = h("small", {});
    this.log = h("div", { class: this.isChannel ? "t-posts" : "t-bubbles", role: this.isChannel ? "feed" : "log", "aria-label": `Messages in ${name}` });
    this.scroller = h("div", { class: "t-scroll", tabindex: "-1" }, this.log);
    this.composer = new Composer(here, kept(""), { name: "composer", label: this.isChannel ? `Start a post in ${name}` : `Message ${name}`, main: true });
    this.root = h("section", { class: "t-room", "aria-label": name },
      h("header", { class: "t-top" }, h("button", { type: "button", class: "quiet t-back", "aria-label": "Conversations", onclick: back }, icon("back")), h("div", { class: "t-lines" }, h("h3", {}, name), this.members),
        menu("Conversation options", () => appEntry(this.here.chat, screen.app.name, here.context))), this.scroller, this.composer.root);
    this.atEnd = true;
    this.scroller.addEventListener("scroll", () => { const box = this.scroller; this.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR; }, { passive: true });
    this.watch = new ResizeObserver(() => this.follow());
    this.watch.observe(this.log);
    this.watch.observe(this.scroller);
    this.root.addEventListener("toggle", (event) => { if (event.newState === "closed" && event.target.closest("[data-message]")) here.redraw(); }, true);
    this.catchFiles();
    if (this.isChannel) here.reply = (one) => this.answer(this.postOf(one.thread ?? one.id), one.thread ?? one.id);
  }

  postOf(root) { return this.log.querySelector(`:scope > [data-key="${CSS.escape(root)}"]`); }

  /** Files may be dropped anywhere in it. */
  catchFiles() {
    this.root.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
    this.root.addEventListener("drop", (event) => { event.preventDefault(); this.composer.attach(event.dataTransfer.files); });
  }

  gone() { this.watch.disconnect(); }

  /** Whoever reads the end goes on reading the end. */
  follow() { if (this.atEnd) this.scroller.scrollTop = this.scroller.scrollHeight; }

  update() {
    const { screen, chat } = this.here;
    const names = chat.members.map((id) => screen.people[id]?.name).filter(Boolean);
    const words = chat.kind === "personal" ? (chat.app ? "App" : "App, not installed") : `${chat.team ? `${chat.team.name} · ` : ""}${names.length === 1 ? "1 person" : `${names.length} people`}${chat.app ? "" : ` · without ${screen.app.name}`}`;
    if (this.members.textContent !== words) { this.members.textContent = words; this.members.title = names.join(", "); }
    const messages = screen.messages.filter((one) => one.conversation === chat.id);
    if (this.isChannel) this.posts(messages);
    else this.bubbles(messages);
    this.composer.update(screen.composer, mark(screen.composer));
    this.follow();
  }

  // ------------------------------------------------------------ a chat

  bubbles(messages) {
    const items = [];
    let before = null;
    for (const one of messages) {
      this.day(items, before, one);
      const near = before && before.author === one.author && one.at - before.at < CLOSE && this.dayOf(before) === this.dayOf(one);
      items.push({ key: one.id, message: one, follows: Boolean(near && before.kind === one.kind) });
      before = one;
    }
    this.draw(this.log, items, true);
    this.empty(messages, "Nothing has been said here yet.");
  }

  dayOf(one) {
    return new Intl.DateTimeFormat("en-GB", { timeZone: this.here.zone, weekday: "long", day: "numeric", month: "long" }).format(new Date(one.at * 1000));
  }

  day(items, before, one) {
    const day = this.dayOf(one);
    if (!before || this.dayOf(before) !== day) items.push({ key: `day ${day} ${one.id}`, day });
  }

  /** A message whose menu is open stays as it is until that is closed. */
  draw(parent, items, bubble) {
    const held = parent.querySelector(":popover-open")?.closest("[data-key]");
    const version = (item) => held?.dataset.key === item.key ? held.dataset.version : item.message ? mark([item.message, item.follows, this.here.editing.has(item.key), this.here.screen.people[item.message.author]]) : item.day;
    keyed(parent, items, (item) => item.key, version, (item, before) => {
      if (!item.message) return h("div", { class: "t-day", role: "separator", "aria-label": item.day }, h("span", {}, item.day));
      const made = drawMessage(item.message, this.here, { follows: item.follows, bubble });
      this.keepFocus(before, made);
      return made;
    });
  }

  /** A message that is drawn anew while one is in it: the same button has the focus, or else the message. */
  keepFocus(before, made) {
    const old = before?.contains(document.activeElement) ? document.activeElement : null;
    if (!old) return;
    const words = old.getAttribute("aria-label") ?? old.textContent, typing = made.querySelector(".t-editor textarea");
    const like = [...made.querySelectorAll("button")].find((one) => (one.getAttribute("aria-label") ?? one.textContent) === words && !one.closest("[popover]"));
    queueMicrotask(() => (typing ?? like ?? made).focus({ preventScroll: true }));
  }

  empty(messages, words) {
    this.scroller.classList.toggle("empty", messages.length === 0);
    this.scroller.dataset.words = words;
  }

  // ------------------------------------------------------------ a channel

  /** Conversations by their first messages; one whose first is gone keeps its replies. */
  posts(messages) {
    const threads = new Map();
    for (const one of messages) {
      const root = one.thread ?? one.id, thread = threads.get(root) ?? { root, messages: [] };
      thread.messages.push(one);
      threads.set(root, thread);
    }
    const items = [];
    let before = null;
    for (const thread of [...threads.values()].sort((a, b) => Number(a.root) - Number(b.root))) {
      const first = { at: Number(thread.root) / 1000 };
      this.day(items, before, { ...first, id: thread.root });
      items.push({ key: thread.root, thread });
      before = first;
    }
    keyed(this.log, items, (item) => item.key, (item) => item.day ?? "", (item) => item.day ? h("div", { class: "t-day", role: "separator", "aria-label": item.day }, h("span", {}, item.day)) : this.post(item.thread));
    for (const item of items) if (item.thread) this.fillPost(this.postOf(item.key), item.thread);
    this.empty(messages, "No posts yet. Start one below.");
  }

  post(thread) {
    const made = h("section", { class: "t-post", "aria-label": "Conversation" }, h("div", { class: "t-thread" }), h("div", { class: "t-answer" }));
    made.lastChild.append(this.replyButton(made, thread));
    return made;
  }

  replyButton(made, thread) {
    return h("button", { type: "button", class: "t-reply", onclick: () => this.answer(made, thread.root) }, icon("reply"), "Reply");
  }

  /** Opens a field under the conversation. */
  answer(made, root) {
    const close = () => { made.lastChild.replaceChildren(this.replyButton(made, { root })); made.querySelector(".t-reply").focus(); };
    const composer = new Composer(this.here, this.kept(root), { name: "reply", label: "Reply", thread: root, close });
    made.lastChild.replaceChildren(composer.root);
    composer.field.focus();
    composer.root.scrollIntoView({ block: "nearest" });
  }

  fillPost(made, thread) {
    const first = thread.messages.find((one) => one.id === thread.root), gone = !first && thread.messages.some((one) => one.kind !== "ephemeral");
    made.classList.toggle("headless", gone);
    made.classList.toggle("whispered", thread.messages.every((one) => one.kind === "ephemeral"));
    made.setAttribute("aria-label", `Conversation of ${timeOf(Number(thread.root) / 1000, this.here.zone)}`);
    this.draw(made.firstChild, thread.messages.map((one) => ({ key: one.id, message: one, follows: false })), false);
  }
}
