// The guided tour: what to try next, step by step; each step can be done by a press here, or by oneself in the windows.
import { attempt, h } from "./lib.js";

let root = null, desk = null;

export function mount(where, context) {
  root = where;
  desk = context;
}

/** Draws the steps as the sandbox tells them: those that are done, the next one, and those to come. */
export function update(about) {
  const steps = about.tour ?? [];
  root.hidden = steps.length === 0;
  const next = steps.findIndex((one) => !one.done);
  const over = steps.length > 0 && next === -1;
  const again = over ? h("button", { type: "button", class: "primary", onclick: () => attempt(() => desk.act("tour_again", {})) }, "Once more") : "";
  root.replaceChildren(h("h2", {}, "Tour"), h("ol", { class: "steps" }, steps.map((step, at) => {
    const state = step.done ? "done" : at === next ? "next" : "later";
    const doIt = state === "next" && h("button", { type: "button", class: "primary", onclick: () => attempt(async () => { await desk.seat(step.chat, step.who, step.where); await desk.act("tour", { step: step.key }); }) }, "Do it for me");
    return h("li", { class: state }, h("p", {}, step.words), state === "next" && h("p", { class: "hint" }, step.hint), doIt);
  })), over ? h("p", { class: "over" }, "That is the whole round: nothing was forgotten until Ana said yes.") : "", again);
}
