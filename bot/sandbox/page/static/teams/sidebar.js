// The list of conversations: chats, and teams with their channels.
import { avatar, h, keyed, mark, timeOf } from "../lib.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { appEntry } from "./apps.js";
import { seen, words } from "./words.js";

/** What a conversation is called on the screen. */
export function called(chat, screen) {
  if (chat.kind === "personal") return screen.app.name;
  return chat.kind === "channel" && chat.id === chat.team?.id ? "General" : chat.name;
}

export class Sidebar {
  /** `pick(id)` opens a conversation; `chat()` begins one. */
  constructor(context, pick, begin) {
    Object.assign(this, { context, pick });
    this.chats = h("ul", { class: "t-chats" });
    this.teams = h("div", { class: "t-teams" });
    this.root = h("nav", { class: "t-side", "aria-label": "Conversations" },
      h("div", { class: "t-head" }, h("h3", {}, "Chat"), h("button", { type: "button", class: "quiet", "aria-label": "New chat", title: "New chat", onclick: begin }, icon("plus"))), this.chats,
      h("div", { class: "t-head" }, h("h3", {}, "Teams")), this.teams);
    this.root.addEventListener("keydown", (event) => this.walk(event));
  }

  update(screen, at, counts, zone) {
    const held = this.root.contains(document.activeElement) ? document.activeElement.dataset.conversation : null;
    const last = new Map(screen.messages.map((one) => [one.conversation, one]));
    const newest = (chat) => Number(last.get(chat.id)?.id ?? 0);
    const chats = screen.conversations.filter((one) => one.kind !== "channel");
    chats.sort((a, b) => (b.kind === "personal") - (a.kind === "personal") || newest(b) - newest(a));
    const facts = (chat) => [chat, chat.id === at, counts[chat.id] ?? 0];
    keyed(this.chats, chats, (one) => one.id, (one) => mark([facts(one), last.get(one.id)]), (one) => h("li", {}, this.chat(one, screen, at, counts, last.get(one.id), zone)));
    const teams = new Map();
    for (const one of screen.conversations) if (one.team) teams.set(one.team.id, [...(teams.get(one.team.id) ?? []), one]);
    const version = (channels) => mark([channels.map(facts), channels[0].app]);
    keyed(this.teams, [...teams.values()], (one) => one[0].team.id, version, (one, before) => this.team(one, screen, at, counts, before));
    if (held && !this.root.contains(document.activeElement)) [...this.root.querySelectorAll(".t-row")].find((one) => one.dataset.conversation === held)?.focus();
  }

  button(chat, screen, at, count, ...inside) {
    const unread = count > 0 && h("span", { class: "t-count", "aria-hidden": "true" }, count > 99 ? "99+" : String(count));
    return h("button", {
      type: "button", class: count ? "t-row unread" : "t-row", data: { conversation: chat.id }, "aria-label": called(chat, screen), "aria-description": count ? `${count} unread` : null,
      "aria-current": chat.id === at ? "true" : null, onclick: () => this.pick(chat.id),
    }, inside, unread);
  }

  chat(chat, screen, at, counts, last, zone) {
    const face = chat.kind === "personal" ? avatar(screen.people[screen.app.user], chat.id) : avatar({ name: chat.name }, chat.id);
    const said = last && (last.text ? words(last.text, last.format, "").map((one) => one.textContent ?? one).join("") : seen(last.summary || last.files[0]?.name || "Card"));
    return this.button(chat, screen, at, counts[chat.id] ?? 0, face, h("span", { class: "t-lines" }, h("span", { class: "t-name" }, called(chat, screen)), last && h("small", {}, last.author === screen.me ? "You: " : "", said)),
      last && h("time", {}, timeOf(last.at, zone)));
  }

  team(channels, screen, at, counts, before) {
    const team = channels[0].team, sorted = [...channels].sort((a, b) => (b.id === team.id) - (a.id === team.id) || a.name.localeCompare(b.name));
    const rows = sorted.map((one) => h("li", {}, this.button(one, screen, at, counts[one.id] ?? 0, h("span", { class: "t-name" }, called(one, screen)))));
    const folded = h("details", { ".open": before ? before.firstChild.open : true }, h("summary", {}, avatar({ name: team.name }, team.id), h("span", { class: "t-name" }, team.name)), h("ul", {}, rows));
    return h("div", { class: "t-team" }, folded, menu(`Options of ${team.name}`, () => appEntry(channels[0], screen.app.name, this.context)));
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches(".t-row")) return;
    const rows = [...this.root.querySelectorAll(".t-row")].filter((one) => one.checkVisibility?.() ?? true);
    event.preventDefault();
    rows[rows.indexOf(event.target) + step]?.focus();
  }
}
