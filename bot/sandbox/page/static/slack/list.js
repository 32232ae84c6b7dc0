// The list of conversations: the app first, then channels, then people.
import { avatar, h, keyed } from "../lib.js";

/** `choose(id)` is called with a conversation, or with "app" before there is one with it. */
export function makeList(choose) {
  const name = h("h3", { class: "workspace" });
  const feed = h("div", { class: "names" });
  const root = h("nav", { class: "side", "aria-label": "Conversations", onkeydown: walk }, name, feed);
  return {
    root,
    update(screen, news, open) {
      name.textContent = screen.name;
      keyed(feed, entries(screen, news, open), (one) => one.key, (one) => JSON.stringify(one), (one, before) => made(one, screen, choose, before));
    },
  };
}

/** Arrow keys walk through the list. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll("button")];
  event.preventDefault();
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
}

/** What a conversation is called: by its name, or by whom one has it with. */
export function titleOf(conversation, screen) {
  if (conversation.app) return screen.app.name;
  if (conversation.kind === "channel" || conversation.kind === "group") return conversation.name;
  return conversation.members.filter((one) => one !== screen.me).map((one) => screen.people[one]?.name ?? one).join(", ");
}

function entries(screen, news, open) {
  const app = screen.conversations.find((one) => one.app);
  const entry = (one) => ({ key: one.id, id: one.id, title: titleOf(one, screen), kind: one.kind, with: one.members.find((id) => id !== screen.me), archived: one.archived, open: open === one.id, ...news.get(one.id) });
  const channels = screen.conversations.filter((one) => one.kind === "channel" || one.kind === "group").sort((one, other) => one.name.localeCompare(other.name));
  const direct = screen.conversations.filter((one) => !one.app && (one.kind === "im" || one.kind === "mpim"));
  const apps = app ? { ...entry(app), key: "app", kind: "app", with: screen.app.user } : { key: "app", id: "app", title: screen.app.name, kind: "app", with: screen.app.user, open: open === "app", bold: false, count: 0 };
  return [
    { key: "h:apps", head: "Apps" }, apps,
    { key: "h:channels", head: "Channels" }, ...channels.map(entry),
    ...(direct.length ? [{ key: "h:direct", head: "Direct messages" }, ...direct.map(entry)] : []),
  ];
}

function made(one, screen, choose, before) {
  if (one.head) return h("h4", {}, one.head);
  const sign = one.kind === "channel" ? "#" : one.kind === "group" ? "🔒" : avatar(screen.people[one.with], one.with);
  const button = h("button", {
    type: "button", class: one.bold ? "name bold" : "name", "aria-current": one.open ? "page" : null, data: { conversation: one.id }, onclick: () => choose(one.id),
  }, h("span", { class: "sign", "aria-hidden": "true" }, sign), h("span", { class: "title" }, one.title), one.archived && h("small", {}, "archived"), one.count > 0 && h("span", { class: "badge", "aria-label": `${one.count} new` }, one.count > 99 ? "99+" : String(one.count)));
  if (before?.contains(document.activeElement) || before === document.activeElement) requestAnimationFrame(() => button.focus());
  return button;
}
