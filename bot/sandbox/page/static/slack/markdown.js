// The `markdown` block: the common part of Markdown, as nodes. https://docs.slack.dev/reference/block-kit/blocks/markdown-block
import { h } from "../lib.js";
import { link } from "./mrkdwn.js";

const INSIDE = /`([^`\n]+)`|\[([^\]\n]+)\]\((\S+?)\)|\*\*([^*\n]+)\*\*|__([^_\n]+)__|~~([^~\n]+)~~|\*([^*\n]+)\*|\b_([^_\n]+)_\b/g;

export function markdown(text) {
  return text.split(/```\w*\n?([^]+?)```/).flatMap((piece, at) => (at % 2 ? [h("pre", { class: "fence" }, piece.replace(/\n$/, ""))] : groups(piece)));
}

function groups(text) {
  return text.split(/\n{2,}/).filter((one) => one.trim()).flatMap((one) => {
    const lines = one.trim().split("\n");
    if (lines.every((line) => /^\s*[-*+] /.test(line))) return [h("ul", {}, lines.map((line) => h("li", {}, inside(line.replace(/^\s*[-*+] /, "")))))];
    if (lines.every((line) => /^\s*\d+\. /.test(line))) return [h("ol", {}, lines.map((line) => h("li", {}, inside(line.replace(/^\s*\d+\. /, "")))))];
    if (lines.every((line) => line.startsWith(">"))) return [h("blockquote", {}, inside(lines.map((line) => line.replace(/^> ?/, "")).join("\n")))];
    return lines.map((line) => (/^#{1,6} /.test(line) ? h("h3", { class: "head" }, inside(line.replace(/^#+ /, ""))) : h("p", {}, inside(line))));
  });
}

function inside(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INSIDE)) {
    const [whole, code, label, url, bold, also, strike, slanted, under] = found;
    nodes.push(text.slice(from, found.index), code ? h("code", {}, code) : label ? link(url, label) : bold ?? also ? h("strong", {}, bold ?? also) : strike ? h("s", {}, strike) : h("em", {}, slanted ?? under));
    from = found.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter(Boolean);
}
