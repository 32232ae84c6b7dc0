// Rich text as Slack's clients draw it: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
import { h } from "../lib.js";
import { cannot } from "./cannot.js";
import { emoji } from "./emoji.js";
import { channelNode, dateNode, emojiNode, link, mention, unescaped } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code", highlight: "mark", client_highlight: "mark" };
const ALL = (one) => h("span", { class: "mention all" }, "@" + one.range);

/** What stands inside of a line. */
export const INLINE = {
  text: (one) => one.text,
  link: (one) => link(one.url, one.text),
  user: (one, sight) => mention(one.user_id, sight),
  usergroup: (one) => h("span", { class: "mention" }, "@" + one.usergroup_id),
  team: (one) => h("span", { class: "mention" }, one.team_id),
  channel: (one, sight) => channelNode(one.channel_id, sight),
  broadcast: ALL,
  emoji: (one) => emojiNode(one.name),
  date: (one, sight) => dateNode(one.timestamp, one.format, one.fallback ?? "", sight, one.url),
  color: (one) => h("span", { class: "colour" }, h("i", { style: { background: /^#[0-9a-f]{3,8}$/i.test(one.value) ? one.value : "transparent" } }), one.value),
};

/** Groups of lines. */
export const GROUPS = {
  rich_text_section: (one, sight) => h("p", {}, inside(one.elements, sight)),
  rich_text_quote: (one, sight) => h("blockquote", {}, inside(one.elements, sight)),
  rich_text_preformatted: (one, sight) => h("pre", { class: "fence", tabindex: "0", role: "group", "aria-label": "Preformatted text" }, inside(one.elements, sight)),
  rich_text_list: list,
};

/** A `rich_text` block. */
export function rich(block, sight) {
  const made = h("div", { class: "rich" });
  let counts = {};
  for (const one of block.elements) {
    const node = (GROUPS[one.type] ?? cannot)(one, sight, counts);
    if (one.type !== "rich_text_list") counts = {};
    made.append(node);
  }
  return made;
}

/** Lists follow one another with other indents; the numbers of each depth go on until something else comes. */
function list(one, sight, counts) {
  const indent = one.indent ?? 0, ordered = one.style === "ordered";
  const begun = one.offset !== undefined ? one.offset : ordered ? counts[indent] ?? 0 : 0;
  for (const depth of Object.keys(counts)) if (Number(depth) > indent) delete counts[depth];
  counts[indent] = begun + one.elements.length;
  const items = one.elements.map((item) => h("li", {}, inside(item.elements, sight)));
  return h(ordered ? "ol" : "ul", { class: `depth${indent % 3}`, start: ordered && begun ? begun + 1 : null, style: { "margin-left": `${indent * 1.6}em` } }, items);
}

function inside(elements, sight) {
  return elements.map((one) => {
    const draw = INLINE[one.type];
    return draw ? styled(draw(one, sight), one.style ?? {}) : cannot(one);
  });
}

function styled(node, style) {
  const marks = Object.entries(STYLES).filter(([name]) => style[name]);
  return marks.reduce((inner, [, tag]) => h(tag, {}, inner), node);
}

/** A `plain_text` object's words; its emoji codes are emoji unless it says otherwise. */
export function plain(object) {
  if (object.emoji === false) return [unescaped(object.text)];
  return object.text.split(/:([a-z0-9_+'-]+):/).flatMap((piece, at) => (at % 2 ? [emoji(piece) ? emojiNode(piece) : `:${piece}:`] : piece ? [unescaped(piece)] : []));
}
