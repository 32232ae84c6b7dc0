// One message: who, when, what, and what can be done with it.
import { attempt, avatar, h, note, timeOf } from "../lib.js";
import { answer } from "./ask.js";
import { attachment, draw } from "./blocks.js";
import { exact } from "./dates.js";
import { deskOf } from "./desk.js";
import { emoji, USUAL } from "./emoji.js";
import { asTyped, mrkdwn } from "./mrkdwn.js";
import { openBox, openMenu } from "./popup.js";

/** `win`: the window (see window.js). `thread`: it is drawn in the panel of its thread. */
export function makeMessage(win, thread) {
  return (message, compact, before) => {
    const { sight } = win, who = win.screen.people[message.author], alone = message.kind === "ephemeral";
    const classes = ["message", compact && "compact", alone && "alone", message.gone && "gone", message.author === sight.me && "mine"].filter(Boolean).join(" ");
    const time = timeOf(message.at, sight.zone);
    const made = h("article", { class: classes, data: { message: message.id }, tabindex: "-1", "aria-label": `${who?.name ?? "Somebody"}, ${time}` });
    const left = compact ? h("time", { class: "aside", "aria-hidden": "true" }, time) : message.gone ? h("span", { class: "avatar none", "aria-hidden": "true" }, "🗑") : avatar(who, message.author);
    const head = !compact && !message.gone && h("header", {}, h("strong", { class: "who" }, who?.name ?? "Somebody"), who?.bot && h("span", { class: "app" }, "App"), h("time", { datetime: new Date(message.at * 1000).toISOString(), title: exact(message.at, sight.zone) }, time), message.blocks.length > 0 && editedMark(message));
    const body = win.editing === message.id ? before?.querySelector(".editor") ?? editor(win, message) : h("div", { class: "content" }, ...content(win, message));
    made.append(h("div", { class: "left" }, left), h("div", { class: "right" }, alone && h("p", { class: "only" }, "👁 Only visible to you"), head, body, reactions(win, message), !thread && answers(win, message)));
    if (!message.gone) made.append(tools(win, message, thread));
    return made;
  };
}

const editedMark = (message) => message.edited && h("small", { class: "soft edited" }, " (edited)");

function content(win, message) {
  const { sight, context } = win;
  if (message.gone) return [h("p", { class: "soft" }, "This message was deleted.")];
  const desk = deskOf({ sight, context, kind: message.kind, id: message.id, root: win.root });
  const edited = editedMark(message);
  const words = message.text ? mrkdwn(message.text, sight) : [];
  const whole = message.blocks.length ? h("div", { class: "blocks" }, draw(message.blocks, desk)) : (words.length || edited) && h("div", { class: "words" }, words, edited);
  const more = message.attachments.map((one) => attachment(one, desk));
  return [whole, ...more, message.files?.length ? h("div", { class: "files" }, message.files.map((one) => fileOf(win, one))) : null].filter(Boolean);
}

const SIZES = [[2 ** 20, "MB"], [2 ** 10, "kB"], [1, "B"]];
const sizeOf = (bytes) => { const [unit, name] = SIZES.find(([one]) => bytes >= one) ?? SIZES[2]; return `${Math.round(bytes / unit)} ${name}`; };

function fileOf(win, file) {
  if (file.gone) return h("p", { class: "soft" }, "This file was deleted.");
  const address = win.context.file(file.id);
  if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) return h("a", { class: "shot", href: address, target: "_blank", title: file.name }, h("img", { src: address, alt: file.name, loading: "lazy" }));
  return h("a", { class: "file", href: address, download: file.name }, h("span", { class: "sign", "aria-hidden": "true" }, "📄"), h("span", {}, h("strong", {}, file.name), h("small", {}, `${sizeOf(file.size)} · download`)));
}

// ---------------------------------------------------------------- reactions

function reactions(win, message) {
  const all = Object.entries(message.reactions ?? {});
  if (!all.length) return null;
  return h("div", { class: "reactions" }, all.map(([name, who]) => {
    const mine = who.includes(win.sight.me), people = who.map((one) => win.screen.people[one]?.name ?? one).join(", ");
    return h("button", { type: "button", class: "reaction", "aria-pressed": String(mine), "aria-label": `${name}, ${who.length}: ${people}`, title: `${people} reacted with :${name}:`, data: { control: "reaction " + name }, onclick: () => react(win, message, name, mine) }, emoji(name) ?? `:${name}:`, " ", String(who.length));
  }));
}

const place = (message) => ({ conversation: message.conversation, id: message.id });
const react = (win, message, name, mine) => attempt(() => win.context.act(mine ? "unreact" : "react", { ...place(message), name }));

function pickReaction(win, message, opener) {
  const names = [...new Set([...USUAL, ...Object.keys(message.reactions ?? {}), ...win.usedReactions])];
  const box = h("div", { class: "popup row", role: "menu", "aria-label": "Reactions" }, names.map((name) => h("button", { type: "button", role: "menuitem", "aria-label": name, title: `:${name}:`, onclick: () => { close(); react(win, message, name, (message.reactions?.[name] ?? []).includes(win.sight.me)); } }, emoji(name) ?? `:${name}:`)));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], all = [...box.children];
    if (step) all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  });
  const close = openBox(opener, box);
}

// ---------------------------------------------------------------- threads

function answers(win, message) {
  const replies = win.repliesTo(message).filter((one) => one.kind === "message");
  if (!replies.length) return message.broadcast ? h("button", { type: "button", class: "thread-bar", onclick: () => win.openThread(message.conversation, message.thread) }, "Replied to a thread") : null;
  const writers = [...new Set(replies.map((one) => one.author))].slice(-4), fresh = win.freshIn(message).length;
  return h("button", { type: "button", class: "thread-bar", data: { control: "thread" }, onclick: () => win.openThread(message.conversation, message.id) },
    writers.map((one) => avatar(win.screen.people[one], one)), h("span", { class: "count" }, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`),
    fresh ? h("span", { class: "badge" }, `${fresh} new`) : null, h("span", { class: "soft" }, `Last at ${timeOf(replies.at(-1).at, win.sight.zone)}`));
}

// ---------------------------------------------------------------- what can be done with it

function tools(win, message, thread) {
  const alone = message.kind === "ephemeral";
  const more = h("button", { type: "button", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false", title: "More actions", data: { control: "more" } }, "⋮");
  more.addEventListener("click", () => openMenu(more, "More actions", entries(win, message, thread)));
  const smile = !alone && h("button", { type: "button", "aria-label": "Add reaction", "aria-haspopup": "menu", "aria-expanded": "false", title: "Add reaction", data: { control: "react" }, onclick: (event) => pickReaction(win, message, event.currentTarget) }, "☺");
  const reply = !alone && !thread && h("button", { type: "button", "aria-label": "Reply in thread", title: "Reply in thread", data: { control: "reply" }, onclick: () => win.openThread(message.conversation, message.thread ?? message.id, true) }, "💬");
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" }, smile, reply, more);
}

function entries(win, message, thread) {
  const json = { words: "View JSON", sign: "{}", act: () => win.context.json("Message as Slack keeps it", message.raw) };
  if (message.kind === "ephemeral") return [{ words: "Dismiss message", sign: "×", act: () => attempt(() => win.context.act("dismiss", place(message))) }, json];
  const shortcuts = win.context.about.shortcuts.filter((one) => one.kind === "message").map((one) => ({ words: one.name, about: win.screen.app.name, sign: "⚡", act: () => attempt(() => win.context.act("message_shortcut", { ...place(message), callback_id: one.id })) }));
  const own = message.author === win.sight.me ? [null, { words: "Edit message", sign: "✎", act: () => win.edit(message.id) }, { words: "Delete message…", sign: "🗑", danger: true, act: () => remove(win, message) }] : [];
  const reply = thread ? [] : [{ words: "Reply in thread", sign: "💬", act: () => win.openThread(message.conversation, message.thread ?? message.id, true) }];
  return [...reply, { words: "Copy link", sign: "🔗", act: () => copy(win, message) }, ...(shortcuts.length ? [null, ...shortcuts] : []), ...own, null, json];
}

/** The link opens this page there, for the same person. */
async function copy(win, message) {
  const address = `${location.origin}/?slack=${encodeURIComponent(win.context.who)}#slack/${message.conversation}/${message.id}`;
  try { await navigator.clipboard.writeText(address); note("The link is copied."); }
  catch { note(address); }
}

async function remove(win, message) {
  const sure = await answer(win.root, ["Delete message"], ["Are you sure you want to delete this message? This cannot be undone."], ["Delete"], ["Cancel"], true);
  if (sure) await attempt(() => win.context.act("delete", place(message)));
}

function editor(win, message) {
  const typed = asTyped(message.text, win.sight);
  const field = h("textarea", { name: "edit", rows: String(Math.min(12, typed.split("\n").length + 1)), data: { control: "edit" }, "aria-label": "Edit message", ".value": typed, onkeydown: keys });
  const done = () => win.edit(null);
  async function save() {
    const text = field.value.trim();
    if (!text || text === typed || (await attempt(() => win.context.act("edit", { ...place(message), text })))) done();
  }
  function keys(event) {
    if (event.key === "Escape") { event.stopPropagation(); done(); }
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); }
  }
  requestAnimationFrame(() => { field.focus(); field.setSelectionRange(typed.length, typed.length); });
  return h("div", { class: "editor" }, field, h("footer", {}, h("button", { type: "button", class: "push", onclick: done }, "Cancel"), h("button", { type: "button", class: "push primary", onclick: save }, "Save")));
}
