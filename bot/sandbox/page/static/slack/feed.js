// A list of messages that grows at its end: in a conversation, or in a thread.
import { h, keyed, mark } from "../lib.js";
import { dayLine, dayOf } from "./dates.js";

const SHOWN = 150;
const TOGETHER = 300;

/** `draw(message, compact, before)` gives an article (`before`: the one that it takes the place of); `stamp(message)` is what its look depends on beside the message itself. */
export function makeFeed(draw, stamp) {
  const earlier = h("button", { type: "button", class: "earlier push", hidden: true, onclick: more }, "Show earlier messages");
  const begin = h("div", { class: "begin" });
  const log = h("div", { class: "log", role: "log" });
  const root = h("div", { class: "scroll" }, h("div", { class: "inner" }, begin, earlier, log));
  const jump = h("button", { type: "button", class: "jump push", hidden: true, onclick: () => toEnd() }, "↓ New messages");
  let atEnd = true, most = SHOWN, now = null, last = "";
  root.addEventListener("scroll", () => { atEnd = root.scrollHeight - root.scrollTop - root.clientHeight < 40; if (atEnd) jump.hidden = true; }, { passive: true });
  const watch = new ResizeObserver(() => { if (atEnd) root.scrollTop = root.scrollHeight; });
  watch.observe(root);
  watch.observe(root.firstChild);
  log.addEventListener("keydown", walk);
  return { root: h("div", { class: "feed" }, root, jump), show, find, forget, toEnd, atEnd: () => atEnd };

  function toEnd() {
    atEnd = true;
    jump.hidden = true;
    root.scrollTop = root.scrollHeight;
  }

  /** Another conversation is shown: from its end, and with the usual number of messages. */
  function forget() {
    log.replaceChildren();
    most = SHOWN;
    last = "";
    toEnd();
  }

  /** `newAt`: id of the first message that had not been read when the conversation was opened. `thread`: the first message is what the others answer. */
  function show({ messages, label, start, newAt, sight, thread = false }) {
    now = { messages, label, start, newAt, sight, thread };
    const held = atEnd, shown = messages.slice(-most), newest = messages.at(-1);
    log.setAttribute("aria-label", label);
    begin.replaceChildren(...(messages.length <= most ? start : []));
    earlier.hidden = messages.length <= most;
    keyed(log, lines(shown, newAt, sight, thread && shown.length === messages.length), (one) => one.key, (one) => one.stamp, make);
    const grew = newest && last && newest.id > last;
    if (held || (grew && newest.author === sight.me)) toEnd();
    else if (grew) jump.hidden = false;
    last = newest?.id ?? "";
    const articles = log.querySelectorAll("article");
    for (const one of articles) one.tabIndex = one === articles[articles.length - 1] ? 0 : -1;
  }

  function more() {
    const height = root.scrollHeight;
    most += SHOWN;
    atEnd = false;
    show(now);
    root.scrollTop += root.scrollHeight - height;
  }

  /** Scrolls to a message and shows where it is; false if it is not there. */
  function find(id) {
    while (now && now.messages.length > most && now.messages.slice(0, -most).some((one) => one.id === id)) more();
    const made = log.querySelector(`[data-message="${CSS.escape(id)}"]`);
    if (!made) return false;
    atEnd = false;
    made.scrollIntoView({ block: "center" });
    made.focus({ preventScroll: true });
    return true;
  }

  function lines(messages, newAt, sight, thread) {
    const found = [];
    let before = null, day = "";
    for (const message of messages) {
      const today = dayOf(message.at, sight.zone), words = dayLine(message.at, sight.now, sight.zone);
      if (today !== day) { found.push({ key: "day " + today, stamp: words, day: words }); before = null; }
      if (message.id === newAt) { found.push({ key: "new", stamp: "new", line: true }); before = null; }
      const compact = before !== null && before.author === message.author && before.kind === "message" && message.kind === "message" && !message.blocks.length && message.at - before.at < TOGETHER;
      found.push({ key: message.id, stamp: mark([message, compact, words, stamp(message)]), message, compact });
      before = message;
      day = today;
      if (thread && message === messages[0] && messages.length > 1) { found.push(replies(messages.length - 1)); before = null; }
    }
    return found;
  }

  function make(one, before) {
    if (one.day) return h("div", { class: "day", role: "separator", "aria-label": one.day }, h("span", {}, one.day));
    if (one.replies) return h("div", { class: "replies soft", role: "separator", "aria-label": one.replies }, h("span", {}, one.replies));
    if (one.line) return h("div", { class: "fresh", role: "separator", "aria-label": "New messages" }, h("span", {}, "New"));
    const made = draw(one.message, one.compact, before);
    if (before?.contains(document.activeElement)) keepFocus(document.activeElement, made);
    return made;
  }
}

const replies = (count) => ({ key: "replies", stamp: count, replies: `${count} ${count === 1 ? "reply" : "replies"}` });

/** The control that had the focus is drawn anew: it gets it back, or else its message does. */
function keepFocus(active, made) {
  const control = active.dataset?.control;
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const same = control && [...made.querySelectorAll("[data-control]")].find((one) => one.dataset.control === control);
    (same ?? made).focus({ preventScroll: true });
  });
}

/** Up and down walk from message to message. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (!step || event.target.tagName !== "ARTICLE") return;
  const all = [...event.currentTarget.querySelectorAll("article")], at = all.indexOf(event.target);
  event.preventDefault();
  const to = all[Math.max(0, Math.min(all.length - 1, at + step))];
  to?.focus({ preventScroll: true });
  to?.scrollIntoView({ block: "nearest" });
}
