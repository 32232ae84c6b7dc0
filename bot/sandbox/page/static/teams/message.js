// One message: who, when, words, cards, files, reactions, and what can be done with it.
import { attempt, avatar, h, timeOf } from "../lib.js";
import { drawCard } from "./card.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { enlarge } from "./picture.js";
import { editable, words } from "./words.js";
import { handled } from "./complete.js";

const ADAPTIVE = "application/vnd.microsoft.card.adaptive";
/** The emoji that Teams itself has a name for. */
export const REACTIONS = { like: ["👍", "Like"], heart: ["❤️", "Heart"], laugh: ["😆", "Laugh"], surprised: ["😮", "Surprised"], sad: ["😢", "Sad"], angry: ["😠", "Angry"] };

/** `here`: {context, screen, zone, me, editing (what is being changed, by the message's id), redraw, reply}. `follows`: the one above is of the same person. */
export function drawMessage(one, here, { follows = false, bubble = false } = {}) {
  const author = here.screen.people[one.author], mine = one.author === here.screen.me;
  const made = h("article", { class: ["t-message", mine && "mine", follows && "follows", one.kind === "ephemeral" && "private", bubble ? "bubble" : "post"].filter(Boolean).join(" "), tabindex: "-1", data: { message: one.id } });
  const name = author?.name ?? "Somebody";
  made.setAttribute("aria-label", `${name}, ${timeOf(one.at, here.zone)}`);
  made.append(mine && bubble ? h("span", { class: "t-noface" }) : avatar(author, one.author),
    h("div", { class: "t-body" },
      h("header", {}, h("strong", { class: "t-author" }, name), h("time", { datetime: new Date(one.at * 1000).toISOString(), title: timeOf(one.at, here.zone, true) }, timeOf(one.at, here.zone)), one.edited && h("span", { class: "t-edited" }, "Edited")),
      one.kind === "ephemeral" && h("p", { class: "t-private" }, icon("eye"), "Only you can see this message"),
      here.editing.has(one.id) ? editor(one, here) : content(one, here),
      reactions(one, here)),
    tools(one, here, mine));
  return made;
}

// ------------------------------------------------------------ what it says

function content(one, here) {
  const text = words(one.text ?? "", one.format, here.me), cards = one.attachments.filter((each) => each.contentType === ADAPTIVE).slice(1);
  const others = one.attachments.filter((each) => each.contentType !== ADAPTIVE && each.content && typeof each.content === "object");
  const at = { zone: here.zone, me: here.me, people: here.screen.people, members: here.chat.members };
  const press = (action, values) => here.context.act("press", { conversation: one.conversation, id: one.id, number: action.$n, title: action.title, values });
  return h("div", { class: one.trouble ? "t-content trouble" : "t-content", role: one.trouble ? "alert" : null },
    one.text && h("div", { class: "t-text" }, text),
    one.card && h("div", { class: "t-card" }, drawCard(one.card, { ...at, press })),
    cards.map((each) => h("div", { class: "t-card" }, drawCard(each.content, { ...at, press: null }))),
    others.map((each) => h("div", { class: "t-card old" }, ["title", "subtitle", "text"].map((part) => each.content[part] && h("p", { class: part }, each.content[part])))),
    one.files.length > 0 && h("div", { class: "t-files" }, one.files.map((file) => drawFile(file, here.context.file(file.id)))));
}

/** A picture as such, anything else to be taken; `more` stands at its end. */
export function drawFile(file, address, more = null) {
  if (file.gone) return h("p", { class: "t-file gone" }, "This file was deleted.");
  if (String(file.type).startsWith("image/")) return h("button", { type: "button", class: "t-picture", "aria-label": `Enlarge ${file.name}`, onclick: () => enlarge(address, file.name) }, h("img", { src: address, alt: file.name }));
  return h("p", { class: "t-file" }, icon("file"), h("a", { href: address, download: file.name }, file.name), h("small", {}, sized(file.size)), more);
}

function sized(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

// ------------------------------------------------------------ changing it

function editor(one, here) {
  const field = h("textarea", { "aria-label": "Your message", rows: "2", oninput: () => here.editing.set(one.id, field.value) });
  field.value = here.editing.get(one.id);
  const leave = () => { here.editing.delete(one.id); here.redraw(); };
  const save = () => attempt(async () => {
    if (field.value.trim()) await here.context.act("edit", { conversation: one.conversation, id: one.id, text: handled(field.value, here.screen.people) });
    leave();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); leave(); }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); }
  });
  queueMicrotask(() => { if (document.activeElement === document.body || !document.activeElement?.closest("textarea, input")) field.focus(); });
  return h("div", { class: "t-editor" }, field, h("div", { class: "actions" }, h("button", { type: "button", class: "positive", onclick: save }, "Save"), h("button", { type: "button", onclick: leave }, "Cancel")));
}

// ------------------------------------------------------------ what can be done

const react = (one, here, name) => here.context.act("react", { conversation: one.conversation, id: one.id, name });

function reactions(one, here) {
  const given = Object.entries(one.reactions).filter(([, who]) => who.length);
  if (!given.length) return null;
  return h("div", { class: "t-reactions", role: "group", "aria-label": "Reactions" }, given.map(([name, who]) => {
    const [sign, word] = REACTIONS[name] ?? [name, name], names = who.map((id) => here.screen.people[id]?.name ?? "somebody").join(", ");
    return h("button", { type: "button", "aria-pressed": String(who.includes(here.screen.me)), "aria-label": `${word}: ${names}`, title: names, onclick: () => attempt(() => react(one, here, name)) }, sign, h("span", {}, String(who.length)));
  }));
}

function tools(one, here, mine) {
  const can = one.kind === "message";
  const emoji = (quick) => Object.entries(REACTIONS).map(([name, [sign, word]]) => h("button", {
    type: "button", "aria-label": word, title: word, "aria-pressed": String((one.reactions[name] ?? []).includes(here.screen.me)),
    onclick: (event) => { event.currentTarget.closest("[popover]")?.hidePopover(); attempt(() => react(one, here, name)); },
  }, sign)).slice(0, quick);
  const entries = () => [
    ...(can ? [h("div", { class: "t-emoji", role: "group", "aria-label": "React" }, emoji())] : []),
    ...(one.own ? [h("p", { class: "t-hint" }, "This card is your own view: others see another one.")] : []),
    ...(here.reply && can ? [{ label: "Reply", act: () => here.reply(one) }] : []),
    { label: "Make this a ticket", act: () => here.context.act("make_ticket", { conversation: one.conversation, id: one.id }) },
    ...(mine && can ? [{ label: "Edit", act: () => { here.editing.set(one.id, editable(one.text)); here.redraw(); } }, { label: "Delete", danger: true, act: () => here.context.act("delete", { conversation: one.conversation, id: one.id }) }] : []),
    { label: "View JSON", act: () => here.context.json("What Teams keeps of this message", one.own ? { ...one.raw, "your own view": one.card } : one.raw) },
  ];
  return h("div", { class: "t-tools" }, can && h("span", { class: "t-quick", role: "group", "aria-label": "React" }, emoji(3)), menu("More options", entries));
}
