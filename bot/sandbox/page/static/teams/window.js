// The Teams-like window of one person.
import { h } from "../lib.js";
import { newChat } from "./apps.js";
import { DialogWindow } from "./dialog.js";
import { Room } from "./room.js";
import { Sidebar } from "./sidebar.js";
import { Unread } from "./unread.js";

export function mount(root, context) {
  const made = new TeamsWindow(root, context);
  const go = (name) => {
    const one = made.screen.conversations.find((each) => name === "dm" ? each.kind === "personal" : each.name === name);
    if (one && made.at !== one.id) made.pick(one.id);
  };
  return { update: (screen) => made.update(screen), go };
}

class TeamsWindow {
  constructor(root, context) {
    this.context = context;
    this.key = `deskbell:teams:at:${context.who}`;
    this.unread = new Unread(context.who);
    this.half = new Map();
    this.editing = new Map();
    this.side = new Sidebar(context, (id) => this.pick(id), () => newChat(context, this.screen, (id) => this.begun(id)));
    this.rest = h("div", { class: "t-rest" }, this.side.root);
    this.dialog = new DialogWindow(context, this.rest);
    this.root = h("div", { class: "tw listing" }, this.rest, this.dialog.root);
    root.append(this.root);
    addEventListener("resize", () => { if (this.root.isConnected && this.screen) this.update(this.screen); });
  }

  get zone() { return this.screen.zone ?? this.context.about.office.zone; }

  update(screen) {
    this.screen = screen;
    const chats = screen.conversations, wanted = this.at ?? localStorage.getItem(this.key);
    const chat = chats.find((one) => one.id === wanted) ?? chats.find((one) => one.kind === "personal") ?? chats[0];
    if (chat) this.show(chat);
    const isBefore = chat && this.room.root.checkVisibility?.() !== false && this.room.root.offsetParent !== null;
    const counts = this.unread.update(screen, isBefore ? chat.id : null);
    this.context.count?.(Object.values(counts).reduce((sum, one) => sum + one, 0));
    this.side.update(screen, chat?.id, counts, this.zone);
    this.dialog.update(screen, this.zone);
  }

  show(chat) {
    if (this.room?.here.chat.id !== chat.id) {
      this.room?.gone();
      this.room?.root.remove();
      const here = { context: this.context, screen: this.screen, chat, zone: this.zone, me: this.screen.people[this.screen.me]?.name ?? "", editing: this.editing, redraw: () => this.update(this.screen) };
      this.room = new Room(here, (thread) => this.kept(chat.id, thread), () => this.list());
      this.rest.append(this.room.root);
    }
    Object.assign(this.room.here, { screen: this.screen, chat, zone: this.zone });
    this.at = chat.id;
    this.room.update();
  }

  /** What is half written somewhere outlives a look elsewhere. */
  kept(chat, thread) {
    const key = `${chat} ${thread}`;
    if (!this.half.has(key)) this.half.set(key, { text: "", files: [] });
    return this.half.get(key);
  }

  pick(id) {
    this.at = id;
    localStorage.setItem(this.key, id);
    this.root.classList.remove("listing");
    this.update(this.screen);
    if (matchMedia("(hover: hover)").matches) this.room.composer.field.focus(); // on a phone that would bring up its keyboard
  }

  /** A chat that has just been begun comes with the next look. */
  async begun(id) {
    await this.context.look();
    if (this.screen.conversations.some((one) => one.id === id)) this.pick(id);
  }

  list() {
    this.root.classList.add("listing");
    this.update(this.screen);
    this.side.root.querySelector("[aria-current]")?.focus();
  }
}
