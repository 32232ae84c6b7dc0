// The Slack-like window of one person.
import { attempt, h } from "../lib.js";
import { makeComposer } from "./composer.js";
import { makeFeed } from "./feed.js";
import { head, memberLine } from "./head.js";
import { makeHome } from "./home.js";
import { makeList, titleOf } from "./list.js";
import { makeMessage } from "./message.js";
import { makeModals } from "./modal.js";
import { closePopup } from "./popup.js";
import { dayOf } from "./dates.js";
import { sightOf } from "./sight.js";
import { news, Reads, sorted, threadKey } from "./threads.js";

export function mount(root, context) {
  const win = new SlackWindow(context);
  root.append(win.root);
  const go = (name) => {
    const one = win.screen.conversations.find((each) => name === "dm" ? each.app : each.name === name);
    if (one && win.open !== one.id) win.choose(one.id);
  };
  return { update: (screen) => win.update(screen), go };
}

class SlackWindow {
  constructor(context) {
    this.context = context;
    this.reads = new Reads(context.who);
    this.placeName = `deskbell:slack:place:${context.who}`;
    Object.assign(this, { open: null, thread: null, tab: "home", phone: "list", editing: null, newAt: null, screen: null, found: null, usedReactions: new Set() });
    this.recall();
    this.list = makeList((id) => this.choose(id));
    this.feed = makeFeed(makeMessage(this, false), (one) => this.stamp(one));
    this.answers = makeFeed(makeMessage(this, true), (one) => this.stamp(one));
    this.composer = makeComposer(this, "composer", () => ({ conversation: this.open }));
    this.reply = makeComposer(this, "reply", () => ({ conversation: this.open, thread: this.thread }));
    this.home = makeHome(this);
    this.head = head(this);
    this.threadHead = h("small", { class: "soft" });
    this.talk = h("section", { class: "talk", "aria-label": "Conversation" }, this.head.root, this.home.root, this.feed.root, this.composer.root);
    this.panel = h("aside", { class: "thread", "aria-label": "Thread", hidden: true, onkeydown: (event) => { if (event.key === "Escape" && !event.defaultPrevented) this.closeThread(); } },
      h("header", { class: "head" }, h("h3", {}, "Thread ", this.threadHead), h("button", { type: "button", class: "cross", "aria-label": "Close thread", onclick: () => this.closeThread() }, "×")), this.answers.root, this.reply.root);
    this.root = h("div", { class: "slack" }, this.list.root, this.talk, this.panel);
    this.modals = makeModals(this);
  }

  // -------------------------------------------------------------- where one is, also after a reload

  recall() {
    const [, chat, conversation, message] = /^#(slack)\/([^/]+)\/([^/]+)$/.exec(location.hash) ?? [];
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(this.placeName)) ?? {}; }
    catch { /* what is there was not written by this page: as if it were empty */ }
    Object.assign(this, { open: kept.open ?? null, thread: kept.thread ?? null, tab: kept.tab ?? "home", phone: kept.open ? "talk" : "list" });
    if (chat) { Object.assign(this, { open: conversation, thread: null, tab: "messages", phone: "talk", found: message }); history.replaceState(null, "", location.pathname + location.search); }
  }

  remember() {
    localStorage.setItem(this.placeName, JSON.stringify({ open: this.open, thread: this.thread, tab: this.tab }));
  }

  get conversation() { return this.screen.conversations.find((one) => one.id === this.open) ?? null; }
  get appTab() { return this.open === "app" || this.conversation?.app ? this.tab : null; }

  /** Opens a conversation; the app shows its messages when some are new, else the tab where one was. */
  choose(id) {
    closePopup();
    const app = id === "app" || this.screen.conversations.find((one) => one.id === id)?.app;
    Object.assign(this, { open: id, thread: null, editing: null, phone: "talk" });
    if (app) return this.choosePage(this.fresh.get(id)?.bold ? "messages" : this.tab);
    return this.arrive();
  }

  /** A tab of the app. */
  async choosePage(tab) {
    this.tab = tab;
    this.arrive();
    await attempt(async () => { const { conversation } = await this.context.act("open_app", { tab }); if (this.open === "app") this.open = conversation; await this.context.look(); });
  }

  arrive() {
    this.newAt = this.conversation && this.reads.fresh(this.open, this.index.tops.get(this.open), this.screen.me)[0]?.id;
    this.feed.forget();
    this.remember();
    this.redraw();
    if (this.appTab !== "home") this.focus();
  }

  /** The app's conversation begins with the first word to it. */
  async placeOf({ conversation, thread }) {
    if (conversation !== "app") return { conversation, ...(thread ? { thread } : {}) };
    const opened = await this.context.act("open_app", { tab: "messages" });
    this.open = opened.conversation;
    return opened;
  }

  // -------------------------------------------------------------- threads

  repliesTo(message) { return this.index.replies.get(threadKey(message.conversation, message.id)) ?? []; }
  freshIn(message) { return this.reads.fresh(threadKey(message.conversation, message.id), this.repliesTo(message), this.screen.me); }

  openThread(conversation, ts, write = true) {
    closePopup();
    Object.assign(this, { open: conversation, thread: ts, editing: null });
    this.answers.forget();
    this.remember();
    this.redraw();
    if (write) this.reply.focus();
  }

  closeThread() {
    this.thread = null;
    this.remember();
    this.redraw();
    this.focus();
  }

  // -------------------------------------------------------------- editing

  edit(id) {
    this.editing = id;
    this.redraw();
    if (!id) (this.thread ? this.reply : this.composer).focus();
  }

  /** Arrow up in an empty field edits one's last message there. */
  editLast({ thread }) {
    const messages = thread ? this.inThread() : this.index.tops.get(this.open) ?? [];
    const last = messages.findLast((one) => one.kind === "message" && one.author === this.screen.me && !one.gone);
    if (last) this.edit(last.id);
    return Boolean(last);
  }

  focus() {
    if (!matchMedia("(pointer: coarse)").matches) this.composer.focus();
  }

  // -------------------------------------------------------------- drawing

  update(screen) {
    this.screen = screen;
    this.sight = { ...sightOf(screen, this.context, (id) => this.choose(id)) };
    this.sight.today = dayOf(this.sight.now, this.sight.zone);
    this.index = sorted(screen);
    for (const one of screen.messages) for (const name of Object.keys(one.reactions ?? {})) this.usedReactions.add(name);
    const app = screen.conversations.find((one) => one.app);
    if (this.open === "app" && app) this.open = app.id;
    if (!this.conversation && this.open !== "app") Object.assign(this, { open: first(screen), thread: null });
    if (this.newAt === null) this.newAt = this.conversation && this.reads.fresh(this.open, this.index.tops.get(this.open), screen.me)[0]?.id;
    this.redraw();
    if (this.found && this.go(this.found)) this.found = null;
    if (!this.begun) { this.begun = true; if (this.appTab === "home") this.choosePage("home"); }
  }

  redraw() {
    if (this.thread && !this.index.first(threadKey(this.open, this.thread))) this.thread = null;
    const home = this.appTab === "home";
    this.root.dataset.phone = this.phone;
    this.root.dataset.thread = this.thread ? "yes" : "no";
    this.home.root.hidden = !home;
    this.feed.root.hidden = this.composer.root.hidden = home;
    this.panel.hidden = !this.thread;
    this.read();
    this.fresh = news(this.screen, this.index, this.reads);
    this.list.update(this.screen, this.fresh, this.open);
    this.head.update();
    if (home) this.home.update(this.screen.home);
    else this.showTalk();
    this.showThread();
    this.modals.update(this.screen.modal);
  }

  /** What lies open is read, once somebody looks at it. */
  read() {
    if (document.hidden) return;
    if (this.conversation && this.appTab !== "home" && seen(this.talk)) this.reads.read(this.open, this.index.tops.get(this.open));
    if (this.thread && seen(this.panel)) this.reads.read(threadKey(this.open, this.thread), this.inThread().slice(1));
  }

  showTalk() {
    const name = this.conversation ? titleOf(this.conversation, this.screen) : this.screen.app.name, channel = this.conversation?.name ? "#" + name : name;
    const start = [h("h3", {}, channel), h("p", { class: "soft" }, memberLine(this.conversation, this.screen))];
    this.feed.show({ messages: this.index.tops.get(this.open) ?? [], label: `Messages in ${channel}`, start, newAt: this.newAt, sight: this.sight });
    this.composer.open(`Message ${channel}`);
  }

  inThread() {
    const key = threadKey(this.open, this.thread), parent = this.index.first(key);
    return parent ? [parent, ...(this.index.replies.get(key) ?? [])] : [];
  }

  showThread() {
    if (!this.thread) return;
    const name = titleOf(this.conversation, this.screen);
    this.threadHead.textContent = this.conversation.name ? "#" + name : name;
    this.answers.show({ messages: this.inThread(), label: "Messages in the thread", start: [], newAt: null, sight: this.sight, thread: true });
    this.reply.open("Reply in thread");
  }

  /** What a message's look depends on beside itself. */
  stamp(message) {
    const replies = this.repliesTo(message);
    return [this.editing === message.id, replies.length, replies.at(-1)?.at, this.freshIn(message).length, this.screen.people[message.author]?.name];
  }

  /** Opens the thread or place of a message that a link leads to. */
  go(id) {
    const message = this.screen.messages.find((one) => one.id === id);
    if (!message) return false;
    if (message.thread && message.thread !== id) { this.openThread(message.conversation, message.thread, false); return this.answers.find(id); }
    return this.feed.find(id);
  }
}

const seen = (one) => one.getClientRects().length > 0;
const first = (screen) => screen.conversations.find((one) => one.kind === "channel")?.id ?? screen.conversations[0]?.id ?? "app";
