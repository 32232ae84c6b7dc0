// The messages of a screen, sorted into conversations and threads; and what of them somebody has read.

/** `tops`: by conversation, what stands in it; `replies`: by "conversation/ts" of the first message, what stands in its thread; `first`: those first messages. */
export function sorted(screen) {
  const tops = new Map(screen.conversations.map((one) => [one.id, []])), replies = new Map(), all = new Map();
  for (const message of screen.messages) {
    all.set(threadKey(message.conversation, message.id), message);
    const answers = message.thread && message.thread !== message.id;
    if (!answers || message.broadcast) tops.get(message.conversation)?.push(message);
    if (answers) put(replies, threadKey(message.conversation, message.thread), message);
  }
  return { tops, replies, first: (key) => all.get(key) };
}

export const threadKey = (conversation, thread) => `${conversation}/${thread}`;

function put(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

/** What one person has read, kept in this browser: by conversation or thread the id of the last message. */
export class Reads {
  constructor(who) {
    this.name = `deskbell:slack:read:${who}`;
    try { this.marks = JSON.parse(localStorage.getItem(this.name)) ?? {}; }
    catch { this.marks = {}; }
  }

  /** All but one's own that came after the mark. A mark beyond the last message is of a world that was begun anew. */
  fresh(key, messages, me) {
    const mark = this.marks[key] ?? "", known = messages.length && messages.at(-1).id >= mark ? mark : "";
    return messages.filter((one) => one.author !== me && one.id > known);
  }

  read(key, messages) {
    const last = messages.at(-1)?.id;
    if (!last || this.marks[key] === last) return;
    this.marks[key] = last;
    localStorage.setItem(this.name, JSON.stringify(this.marks));
  }
}

/** Whether a thread is one's own affair: one began it, wrote in it, is named in it, or has it with the app alone. */
export function concerns(first, replies, conversation, me) {
  return conversation.app || first?.author === me || replies.some((one) => one.author === me || names(one, me)) || (first && names(first, me));
}

export const names = (message, me) => message.text.includes(`<@${me}>`) || JSON.stringify(message.blocks).includes(`"${me}"`);

/** For each conversation: `bold` when something new stands in it, and the `count` of what is meant for this person. */
export function news(screen, index, reads) {
  const found = new Map();
  for (const one of screen.conversations) {
    const fresh = reads.fresh(one.id, index.tops.get(one.id), screen.me);
    const direct = one.kind === "im" || one.kind === "mpim";
    found.set(one.id, { bold: fresh.length > 0, count: direct ? fresh.length : fresh.filter((message) => names(message, screen.me)).length });
  }
  for (const [key, replies] of index.replies) {
    const conversation = screen.conversations.find((one) => key.startsWith(one.id + "/"));
    if (!conversation || !concerns(index.first(key), replies, conversation, screen.me)) continue;
    found.get(conversation.id).count += reads.fresh(key, replies, screen.me).filter((one) => !one.broadcast).length;
  }
  return found;
}
