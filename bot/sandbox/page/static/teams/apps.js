// Adding the app to a team or chat, and taking it away; beginning a chat.
import { attempt, h } from "../lib.js";

/** The entries of a menu about the app in this conversation, or in the team of this channel. */
export function appEntry(chat, app, context) {
  const where = chat.team ? `the team ${chat.team.name}` : chat.kind === "personal" ? "" : "this chat";
  if (chat.app) return [{ label: where ? `Remove ${app} from ${where}` : `Uninstall ${app}`, danger: true, act: () => context.act("remove_app", { conversation: chat.id }) }];
  return [{ label: where ? `Add ${app} to ${where}` : `Install ${app}`, act: () => context.act("add_app", { conversation: chat.id }) }];
}

/** Asks with whom to chat; `begun` is given the id of the new chat. */
export function newChat(context, screen, begun) {
  const others = Object.entries(screen.people).filter(([id, one]) => id !== screen.me && !one.bot && !one.gone).sort(([, a], [, b]) => a.name.localeCompare(b.name));
  const name = h("input", { name: "name", type: "text", maxlength: "60", id: "t-new-name", autocomplete: "off" });
  const boxes = others.map(([id, one]) => [h("input", { type: "checkbox", value: one.handle, id: `t-new-${id}` }), one.name]);
  const made = h("dialog", { class: "t-new", "aria-label": "New chat" }, h("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); begin(); } },
    h("h3", {}, "New chat"), h("div", { class: "field" }, h("label", { for: name.id }, "Name"), name),
    h("fieldset", { class: "field" }, h("legend", {}, "With"), h("div", { class: "choices many" }, boxes.map(([box, words]) => h("div", { class: "choice" }, box, h("label", { for: box.id }, words))))),
    h("div", { class: "actions" }, h("button", { type: "submit", class: "positive" }, "Begin"), h("button", { type: "button", onclick: () => made.close() }, "Cancel"))));
  const begin = () => attempt(async () => {
    const chosen = boxes.filter(([box]) => box.checked);
    const { conversation } = await context.act("new_chat", { name: name.value.trim(), people: chosen.map(([box]) => box.value) });
    made.close();
    begun(conversation);
  });
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  made.showModal();
}
