// Block Kit as it looks on the screen: https://docs.slack.dev/reference/block-kit/blocks
import { h } from "../lib.js";
import { cannot } from "./cannot.js";
import { ELEMENTS, picture } from "./elements.js";
import { markdown } from "./markdown.js";
import { link, mrkdwn, unescaped } from "./mrkdwn.js";
import { GROUPS, INLINE, plain, rich } from "./rich.js";

/** Text objects, also in the cells of tables. */
export const TEXTS = {
  plain_text: (object) => plain(object),
  mrkdwn: (object, sight) => mrkdwn(object.text, sight),
  raw_text: (object) => [object.text],
  raw_number: (object) => [object.text ?? String(object.value)],
  rich_text: (object, sight) => [rich(object, sight)],
};

export const text = (object, sight) => (TEXTS[object?.type] ? TEXTS[object.type](object, sight) : [cannot(object)]);

/** An element in its block. `desk`: see `deskOf` in desk.js. */
function element(one, block, desk, more = {}) {
  return ELEMENTS[one?.type] ? ELEMENTS[one.type](one, desk.place(block, one, more)) : cannot(one);
}

function section(block, desk) {
  const words = block.text && h("div", { class: "words" }, text(block.text, desk.sight));
  const fields = block.fields && h("div", { class: "fields" }, block.fields.map((one) => h("div", {}, text(one, desk.sight))));
  return h("div", { class: "section" }, h("div", { class: "body" }, words, fields), block.accessory && h("div", { class: "accessory" }, element(block.accessory, block, desk)));
}

function input(block, desk) {
  const id = desk.newId(), hint = block.hint && `${id}-hint`, error = `${id}-error`;
  const grouped = ["checkboxes", "radio_buttons"].includes(block.element?.type);
  const field = { id, name: block.block_id, "aria-describedby": [hint, error].filter(Boolean).join(" "), "aria-required": String(!block.optional) };
  const label = [plain(block.label), block.optional && h("small", {}, " (optional)")];
  return h("div", { class: "input", data: { block: block.block_id } },
    grouped ? h("p", { class: "label", id: `${id}-label` }, label) : h("label", { class: "label", for: id }, label),
    element(block.element, block, desk, { input: true, optional: block.optional === true, field: grouped ? { ...field, "aria-labelledby": `${id}-label` } : field }),
    h("p", { class: "error", id: error, role: "alert", hidden: true }),
    block.hint && h("p", { class: "hint", id: hint }, plain(block.hint)));
}

function context(block, desk) {
  const words = (one) => h("span", {}, text(one, desk.sight));
  return h("div", { class: "context" }, block.elements.map((one) => (one.type === "image" ? picture(one, desk.sight, "tiny") : words(one))));
}

function image(block, desk) {
  return h("figure", {}, block.title && h("figcaption", {}, plain(block.title)), picture(block, desk.sight));
}

function table(block, desk) {
  const align = (at) => ({ "text-align": block.column_settings?.[at]?.align ?? "left" });
  const row = (cells, tag) => h("tr", {}, cells.map((cell, at) => h(tag, { style: align(at) }, text(cell, desk.sight))));
  const [first, ...rest] = block.rows;
  return h("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Table" }, h("table", {}, h("thead", {}, row(first, "th")), h("tbody", {}, rest.map((cells) => row(cells, "td")))));
}

function video(block) {
  return h("div", { class: "video" }, h("strong", {}, link(block.title_url ?? block.video_url, unescaped(block.title.text))), block.description && h("p", {}, plain(block.description)), h("small", {}, unescaped(block.alt_text)));
}

/** Every block by its type. */
export const BLOCKS = {
  section,
  input,
  context,
  image,
  table,
  video,
  actions: (block, desk) => h("div", { class: "actions" }, block.elements.map((one) => element(one, block, desk))),
  context_actions: (block, desk) => h("div", { class: "actions" }, block.elements.map((one) => element(one, block, desk))),
  header: (block) => h("h3", { class: "head" }, plain(block.text)),
  divider: () => h("hr", {}),
  rich_text: (block, desk) => rich(block, desk.sight),
  markdown: (block, desk) => h("div", { class: "rich" }, markdown(block.text, desk.sight)),
  file: (block) => h("p", { class: "file" }, "📄 ", block.external_id),
};

/** All that is drawn, by kind: what a test holds against what the bot can send. */
export const DRAWN = { blocks: BLOCKS, elements: ELEMENTS, texts: TEXTS, groups: GROUPS, inline: INLINE };

export const block = (one, desk) => (BLOCKS[one?.type] ?? cannot)(one, desk);

/** Blocks as nodes. */
export const draw = (blocks, desk) => blocks.map((one) => block(one, desk));

/** Old-style attachments, in which also the previews of links come. */
export function attachment(one, desk) {
  const colour = { good: "#1c7a4d", warning: "#b7791f", danger: "#a3341c" }[one.color] ?? (/^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? "#" + one.color.replace("#", "") : null);
  const words = (value) => value && h("div", {}, mrkdwn(value, desk.sight));
  const old = !one.blocks && [
    words(one.pretext), one.title && h("strong", {}, one.title_link ? link(one.title_link, unescaped(one.title)) : unescaped(one.title)), words(one.text),
    one.fields && h("div", { class: "fields" }, one.fields.map((field) => h("div", {}, h("strong", {}, unescaped(field.title ?? "")), words(field.value)))),
    !one.text && !one.title && words(one.fallback), one.footer && h("small", {}, unescaped(one.footer)),
  ];
  return h("div", { class: "attachment", style: colour ? { "border-color": colour } : {} }, one.blocks ? draw(one.blocks, desk) : old);
}
