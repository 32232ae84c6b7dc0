// Words as Teams reads them: what people typed, the little markdown of a TextBlock, and moments in the reader's own zone.
import { h, linked as reachable } from "../lib.js";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'", nbsp: "\u00a0" };
const INVISIBLE = /[\u200b\u2060\ufeff]/gu;
const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/u;
const SAFE = /^(https?|mailto|tel|msteams):/iu;
const DATES = /\{\{(DATE|TIME)\(([^,()]+)(?:,\s*(SHORT|LONG|COMPACT))?\)\}\}/gu;
const FORMATS = {
  COMPACT: { day: "numeric", month: "numeric", year: "numeric" },
  SHORT: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  LONG: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  TIME: { hour: "numeric", minute: "2-digit" },
};
const MARKS = new RegExp([
  String.raw`\\([\\\u0060*_{}\[\]()#+\-.!<>~|&])`, // an escaped sign
  String.raw`\[([^\]\n]+)\]\(([^()\s]+)\)`, // a link
  String.raw`\*\*(?=\S)(.+?)(?<=\S)\*\*`, // bold
  String.raw`(?<![\p{L}\p{N}_*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\p{L}\p{N}_*])`, // italic
  String.raw`(?<![\p{L}\p{N}_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\p{L}\p{N}_])`, // italic too
  String.raw`<at>(.*?)<\/at>`, // a mention
].join("|"), "gu");

export const seen = (text) => text.replace(INVISIBLE, "");
export const unescaped = (text) => text.replace(/&(amp|lt|gt|quot|#x27|#39|nbsp);/gu, (_, name) => ENTITIES[name]);

/** What an address may open; anything else is no link. */
export const safe = (address) => SAFE.test(address) ? address : null;

export function link(address, ...words) {
  return h("a", { href: reachable(address), target: "_blank", rel: "noopener noreferrer" }, words);
}

/** `{{DATE(...)}}` and `{{TIME(...)}}` in the reader's zone; what is not written as documented stays as it is. */
export function dated(text, zone) {
  return text.replace(DATES, (whole, kind, moment, format) => {
    const at = new Date(moment.trim());
    if (Number.isNaN(at.valueOf())) return whole;
    const options = kind === "TIME" ? FORMATS.TIME : FORMATS[format ?? "COMPACT"];
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }).format(at).replace(/\u202f/gu, " ");
  });
}

/** What somebody typed: entities of HTML, mentions, addresses. */
export function typed(text, me = "") {
  return text.split(/<at>(.*?)<\/at>/su).map((part, at) => at % 2 ? mention(unescaped(part), me) : linked(unescaped(part)));
}

/** The same as one edits it. */
export const editable = (text) => unescaped(text.replace(/<at>(.*?)<\/at>/gsu, "@$1"));

function linked(text) {
  return text.split(ADDRESS).map((part, at) => at % 2 ? link(part, part) : part);
}

function mention(name, me) {
  return h("span", { class: name === me ? "at me" : "at" }, seen(name));
}

/** A message's own words, by the format that it was sent with. */
export function words(text, format, me) {
  if (format === "typed") return typed(text, me);
  if (format === "markdown") return markdown(text, me);
  if (format === "xml") return [seen(unescaped(text.replace(/<br\s*\/?>|<\/p>/gu, "\n").replace(/<[^>]+>/gu, "")).trim())];
  return [seen(text.replace(/<\/?at>/gu, ""))];
}

/** The markdown of a TextBlock: bold, italic, links, lists, mentions. */
export function markdown(text, me = "") {
  const made = [];
  let list = null;
  for (const line of text.split(/\r?\n/u)) {
    const item = /^(?:(-)|(\d+)\.)\s+(.*)$/u.exec(line);
    if (item) {
      const tag = item[1] ? "ul" : "ol";
      if (list?.localName !== tag) made.push(list = h(tag, { start: tag === "ol" ? item[2] : null }));
      list.append(h("li", {}, inline(item[3], me)));
      continue;
    }
    if (made.length && !list) made.push(h("br"));
    list = null;
    made.push(...inline(line, me));
  }
  return made;
}

function inline(text, me) {
  const made = [];
  let end = 0;
  for (const found of text.matchAll(MARKS)) {
    made.push(seen(unescaped(text.slice(end, found.index))));
    end = found.index + found[0].length;
    const [whole, escaped, label, address, bold, star, line, name] = found;
    if (escaped !== undefined) made.push(escaped);
    else if (label !== undefined) made.push(safe(address) ? link(address, inline(label, me)) : seen(whole));
    else if (bold !== undefined) made.push(h("strong", {}, inline(bold, me)));
    else if (name !== undefined) made.push(mention(unescaped(name), me));
    else made.push(h("em", {}, inline(star ?? line, me)));
  }
  made.push(seen(unescaped(text.slice(end))));
  return made.filter((one) => one !== "");
}
