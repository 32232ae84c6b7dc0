// The Teams-like window of one person.
import { h } from "../lib.js";

export function mount(root, context) {
  const list = h("div", { class: "plain" });
  root.append(list);
  return { update(screen) { list.textContent = `${screen.messages.length} messages`; } };
}
