// What a card shows, one function for each type of element. What stands inside of them only is in PARTS.
import { h, pictured } from "../lib.js";
import { enlarge } from "./picture.js";
import { menu } from "./menu.js";
import { dated, markdown, seen } from "./words.js";

const low = (word, other = "default") => String(word ?? other).toLowerCase();

/** Classes for how letters look. */
function look(one, ...more) {
  const named = [`size-${low(one.size)}`, `weight-${low(one.weight)}`, `color-${low(one.color)}`];
  const flags = ["isSubtle", "italic", "strikethrough", "underline", "highlight"].filter((flag) => one[flag]).map((flag) => low(flag));
  return [...named, ...flags, low(one.fontType) === "monospace" && "mono", ...more].filter(Boolean).join(" ");
}

/** An element that is itself pressed. */
function pressable(made, action, sight) {
  if (!action) return made;
  const button = h("button", { type: "button", class: "bare", "aria-label": action.title ?? action.tooltip, onclick: sight.action(action, "bare") });
  button.append(made);
  return button;
}

function textBlock(one, sight) {
  const heading = low(one.style) === "heading" ? { role: "heading", "aria-level": "3" } : {};
  const made = h("div", { class: look(one, "text", !one.wrap && "oneline"), ...heading }, markdown(dated(one.text, sight.at.zone), sight.at.me));
  if (one.maxLines) made.style.setProperty("--lines", String(one.maxLines));
  made.classList.toggle("clamped", Boolean(one.wrap && one.maxLines));
  return made;
}

function richTextBlock(one, sight) {
  return h("div", { class: "text rich" }, (one.inlines ?? []).map((run) => typeof run === "string" ? seen(run) : sight.part(run)));
}

function textRun(run, sight) {
  const made = h("span", { class: look(run) }, seen(dated(run.text, sight.at.zone)));
  return pressable(made, run.selectAction, sight);
}

function image(one, sight) {
  const alt = one.altText ?? "", address = pictured(one.url);
  const made = h("img", { src: address, alt, class: `picture picture-${low(one.size, "auto")} ${low(one.style) === "person" ? "round" : ""}` });
  for (const side of ["width", "height"]) if (/^\d+px$/u.test(one[side] ?? "")) made.style.setProperty(side, one[side]);
  made.addEventListener("error", () => made.replaceWith(h("p", { class: "text issubtle" }, alt ? `Picture that cannot be fetched: ${alt}` : "A picture that cannot be fetched.")));
  const expands = one.msteams?.allowExpand ?? one.allowExpand;
  if (one.selectAction) return pressable(made, one.selectAction, sight);
  return expands ? h("button", { type: "button", class: "bare", title: "Enlarge", onclick: () => enlarge(address, alt) }, made) : h("div", {}, made);
}

function box(one, sight, kind = "") {
  const made = h("div", { class: `box ${kind} style-${low(one.style)} inside-${low(one.verticalContentAlignment, "top")}` }, sight.all(one.items));
  if (one.minHeight) made.style.setProperty("min-height", one.minHeight);
  return pressable(made, one.selectAction, sight);
}

function columnSet(one, sight) {
  return pressable(h("div", { class: `columns style-${low(one.style)}` }, (one.columns ?? []).map((column) => sight.part({ type: "Column", ...column }))), one.selectAction, sight);
}

function column(one, sight) {
  const made = box(one, sight, "column"), width = one.width ?? "stretch";
  const fixed = { auto: "0 1 auto", stretch: "1 1 0" }[low(width)] ?? (String(width).endsWith("px") ? `0 0 ${width}` : `${Number(width) || 1} 1 0`);
  made.style.setProperty("flex", fixed);
  return made;
}

function factSet(one, sight) {
  const line = (text) => markdown(dated(text, sight.at.zone), sight.at.me);
  return h("dl", { class: "facts" }, one.facts.map((fact) => [h("dt", {}, line(fact.title)), h("dd", {}, line(fact.value))]));
}

/** The row of buttons, with what is secondary behind three dots. */
function actionSet(one, sight) {
  const first = one.actions.filter((action) => low(action.mode, "primary") !== "secondary");
  const rest = one.actions.filter((action) => low(action.mode, "primary") === "secondary");
  const made = h("div", { class: "actions" }, first.map((action) => sight.action(action)));
  const more = () => rest.map((action) => {
    const button = sight.action(action);
    button.addEventListener("click", () => button.closest("[popover]").hidePopover());
    return button;
  });
  if (rest.length) made.append(menu("More", more, { kind: "" }));
  return made;
}

function table(one, sight) {
  const lines = one.showGridLines !== false;
  const widths = (one.columns ?? []).map((column) => column.width);
  const sum = widths.reduce((total, width) => total + (Number(width) || 1), 0);
  const columns = widths.map((width) => {
    const made = h("col");
    made.style.setProperty("width", String(width).endsWith("px") ? width : `${(100 * (Number(width) || 1)) / sum}%`);
    return made;
  });
  const rows = one.rows.map((row, at) => sight.part({ type: "TableRow", ...row }, at === 0 && one.firstRowAsHeaders !== false));
  return h("div", { class: "tabled" }, h("table", { class: lines ? "grid" : null }, h("colgroup", {}, columns), h("tbody", {}, rows)));
}

function tableRow(row, sight, head) {
  return h("tr", { class: `style-${low(row.style)}` }, row.cells.map((cell) => sight.part({ type: "TableCell", ...cell }, head)));
}

function tableCell(cell, sight, head) {
  return h(head ? "th" : "td", { scope: head ? "col" : null, class: `style-${low(cell.style)}` }, sight.all(cell.items));
}

function imageSet(one, sight) {
  return h("div", { class: "pictures" }, one.images.map((each) => sight.draw({ ...each, size: one.imageSize ?? each.size ?? "Medium" })));
}

function codeBlock(one) {
  return h("pre", { class: "code", tabindex: "0" }, h("code", {}, one.codeSnippet));
}

function rating(one) {
  const full = Math.round(one.value), most = one.max ?? 5;
  return h("div", { class: "stars", role: "img", "aria-label": `${one.value} of ${most}` }, "★".repeat(full) + "☆".repeat(Math.max(0, most - full)), one.count !== undefined && ` (${one.count})`);
}

export const PARTS = {
  "TextRun": textRun,
  "Column": column,
  "TableRow": tableRow,
  "TableCell": tableCell,
};

export const ELEMENTS = {
  "TextBlock": textBlock,
  "RichTextBlock": richTextBlock,
  "Image": image,
  "ImageSet": imageSet,
  "Container": box,
  "ColumnSet": columnSet,
  "FactSet": factSet,
  "ActionSet": actionSet,
  "Table": table,
  "CodeBlock": codeBlock,
  "Rating": rating,
};
