// What somebody has read, kept in this browser: for each conversation the id of the last message that was before them.
export class Unread {
  constructor(who) {
    this.key = `deskbell:teams:read:${who}`;
    try { this.read = JSON.parse(localStorage.getItem(this.key)) ?? {}; }
    catch { this.read = {}; }
  }

  /** How many messages of others came after what was read, by conversation. `open` is before the person now, or null. */
  update(screen, open) {
    const counts = {}, last = {};
    for (const one of screen.messages) last[one.conversation] = Number(one.id);
    for (const chat of screen.conversations) {
      const newest = last[chat.id] ?? 0;
      this.read[chat.id] = chat.id === open ? newest : Math.min(this.read[chat.id] ?? 0, newest);
    }
    for (const one of screen.messages) {
      if (one.author !== screen.me && Number(one.id) > this.read[one.conversation]) counts[one.conversation] = (counts[one.conversation] ?? 0) + 1;
    }
    localStorage.setItem(this.key, JSON.stringify(this.read));
    return counts;
  }
}
