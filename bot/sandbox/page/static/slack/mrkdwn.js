// Slack's markup of messages, as nodes: https://docs.slack.dev/messaging/formatting-message-text
import { h, linked } from "../lib.js";
import { formatted } from "./dates.js";
import { emoji } from "./emoji.js";

const WORD = /[\p{L}\p{N}_]/u;
const MARKS = { "*": "strong", _: "em", "~": "s" };
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/y;
const TOKEN = /<([@#!][^<>\n]+|[a-z][a-z0-9+.-]*:[^<>\n]+)>/iy;
const CODE = /`([^`\n]+)`/y;
const ITEM = /^(?:([•◦▪-])|(\d{1,3})[.)])\s+(.*)$/;

/** The three entities that the platform knows, as characters. */
export const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A marked-up text as nodes. `sight`: see `sightOf` in sight.js. */
export function mrkdwn(text, sight) {
  return text.split(/```([^]+?)```/).flatMap((piece, at) =>
    at % 2 ? [h("pre", { class: "fence" }, unescaped(piece.replace(/^\n|\n$/g, "").replace(TOKENS, (_, target, label) => label ?? target)))] : lines(piece, sight));
}
const TOKENS = /<((?:https?|mailto):[^<>|\n]+)(?:\|([^<>\n]*))?>/gi;

/** Runs of lines: quotes, lists, and all else. */
function lines(text, sight) {
  if (!text || text === "\n") return [];
  const runs = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>)(?!&gt;|>) ?(.*)$/.exec(line), item = !quoted && ITEM.exec(line);
    const kind = quoted ? "blockquote" : item ? (item[2] ? "ol" : "ul") : "";
    const last = runs.at(-1);
    const run = last?.kind === kind ? last : (runs.push({ kind, parts: [] }), runs.at(-1));
    run.parts.push(quoted ? quoted[1] : item ? item[3] : line);
    if (item?.[2]) run.start ??= item[2];
  }
  return runs.flatMap((run) => drawn(run, sight));
}

function drawn({ kind, parts, start }, sight) {
  if (kind === "ul" || kind === "ol") return [h(kind, { start }, parts.map((one) => h("li", {}, inline(one, sight))))];
  const whole = inline(parts.join("\n"), sight);
  return kind ? [h(kind, {}, whole)] : whole;
}

/** What stands within lines. */
export function inline(text, sight) {
  const nodes = [], dead = {};
  let plain = "", at = 0;
  const put = (node, end) => { if (plain) nodes.push(unescaped(plain)); plain = ""; nodes.push(node); at = end; };
  while (at < text.length) {
    const found = opens(text, at, sight, dead);
    if (found) put(...found);
    else plain += text[at++];
  }
  if (plain) nodes.push(unescaped(plain));
  return nodes;
}

function opens(text, at, sight, dead) {
  const letter = text[at];
  if (letter === "`") return met(CODE, text, at, ([, code]) => h("code", {}, unescaped(code.replace(TOKENS, (_, target, label) => label ?? target))));
  if (letter === "<") return met(TOKEN, text, at, ([, inside]) => token(inside, sight));
  if (letter === ":") return met(EMOJI, text, at, ([whole, name]) => emoji(name) && emojiNode(name, whole));
  if (letter in MARKS) return styled(text, at, sight, dead);
  return null;
}

function met(pattern, text, at, make) {
  pattern.lastIndex = at;
  const found = pattern.exec(text), node = found && make(found);
  return node ? [node, at + found[0].length] : null;
}

/** A mark opens after what is no letter and before what is no space, and closes the other way round, in the same line. */
function styled(text, at, sight, dead) {
  const mark = text[at], before = text[at - 1] ?? " ", after = text[at + 1] ?? " ";
  if (WORD.test(before) || before === mark || after === mark || /\s/.test(after) || at < (dead[mark] ?? 0)) return null;
  const end = closes(text, at + 1, mark);
  if (end < 0) {
    const next = text.indexOf("\n", at);
    dead[mark] = next < 0 ? text.length : next;
    return null;
  }
  return [h(MARKS[mark], {}, inline(text.slice(at + 1, end), sight)), end + 1];
}

function closes(text, from, mark) {
  for (let at = from; at < text.length && text[at] !== "\n"; at++) {
    const skip = text[at] === "<" ? TOKEN : text[at] === "`" ? CODE : null;
    if (skip) { skip.lastIndex = at; const over = skip.exec(text); if (over) { at += over[0].length - 1; continue; } }
    if (text[at] !== mark || at === from || /\s/.test(text[at - 1]) || text[at - 1] === mark) continue;
    const after = text[at + 1] ?? " ";
    if (after !== mark && !WORD.test(after)) return at;
  }
  return -1;
}

function token(inside, sight) {
  const cut = inside.indexOf("|"), target = cut < 0 ? inside : inside.slice(0, cut), label = cut < 0 ? "" : inside.slice(cut + 1);
  if (target[0] === "@") return mention(target.slice(1), sight, label);
  if (target[0] === "#") return channelNode(target.slice(1), sight, label);
  if (target[0] === "!") return special(target.slice(1), label, sight);
  return link(unescaped(target), unescaped(label));
}

function special(target, label, sight) {
  const [name, ...more] = target.split("^");
  if (name === "date") return dateNode(Number(more[0]), unescaped(more[1] ?? ""), unescaped(label), sight, more[2]);
  if (name === "subteam") return h("span", { class: "mention" }, unescaped(label || "@" + more[0]));
  return h("span", { class: "mention all" }, "@" + name);
}

// ---------------------------------------------------------------- pieces that rich text has too

export const emojiNode = (name, whole = `:${name}:`) => h("span", { class: "emoji", role: "img", "aria-label": name, title: whole }, emoji(name) ?? whole);

export function mention(id, sight, label = "") {
  const person = sight.person(id);
  return h("span", { class: id === sight.me ? "mention me" : "mention", title: person?.handle ? "@" + person.handle : null }, "@" + (person?.name ?? (label || id)));
}

export function channelNode(id, sight, label = "") {
  const known = sight.channel(id), name = "#" + (known?.name || label || "private-channel");
  return known ? h("button", { type: "button", class: "mention", onclick: () => sight.go(id) }, name) : h("span", { class: "mention" }, name);
}

/** Only addresses that a browser may follow from here become links. */
export function link(url, label) {
  const shown = label || url.replace(/^mailto:/, "");
  return /^(https?:\/\/|mailto:)/i.test(url) ? h("a", { href: linked(url), target: "_blank", rel: "noopener noreferrer" }, shown) : h("span", { title: url }, shown);
}

export function dateNode(seconds, format, fallback, sight, url) {
  const text = formatted(format, seconds, sight.now, sight.zone) ?? fallback;
  const made = h("time", { datetime: Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : null }, url ? link(url, text) : text);
  return made;
}

/** What somebody typed, from what the platform made of it: for editing. */
export function asTyped(text, sight) {
  return unescaped(text.replace(/<([^<>\n]+)>/g, (whole, inside) => {
    const [target, label] = inside.split("|");
    if (target[0] === "@") return "@" + (sight.person(target.slice(1))?.handle ?? label ?? target.slice(1));
    if (target[0] === "#") return "#" + (sight.channel(target.slice(1))?.name || label || target.slice(1));
    if (target[0] === "!") return label ?? "@" + target.slice(1).split("^")[0];
    return target;
  }));
}
