// What can be pressed on a card. Whatever goes to the bot is told by its number on the card, "$n".
import { attempt, h, linked } from "../lib.js";
import { safe } from "./words.js";

const STYLES = { positive: "positive", destructive: "destructive" };

/** The button or, as `kind` "bare", the function of an action whose element is itself pressed. */
function pressed(action, sight, kind, act) {
  const run = async (event) => {
    const button = event?.currentTarget;
    if (button?.getAttribute("aria-busy") === "true") return;
    button?.setAttribute("aria-busy", "true");
    await attempt(act);
    button?.removeAttribute("aria-busy");
  };
  if (kind === "bare") return run;
  const off = action.isEnabled === false || (sends(action) && !sight.at.press);
  return h("button", { type: "button", class: STYLES[String(action.style ?? "").toLowerCase()], title: action.tooltip, disabled: off, onclick: run }, action.title);
}

const sends = (action) => action.type === "Action.Execute" || action.type === "Action.Submit";

function sent(action, sight, kind) {
  return pressed(action, sight, kind, () => sight.at.press?.(action, action.associatedInputs === "none" ? {} : sight.values()));
}

function opened(action, sight, kind) {
  return pressed(action, sight, kind, () => { if (safe(action.url)) open(linked(action.url), "_blank", "noopener,noreferrer"); });
}

/** Shows and hides elements of the card, which the bot does not hear of. */
function toggled(action, sight, kind) {
  return pressed(action, sight, kind, () => {
    for (const target of action.targetElements ?? []) {
      const id = typeof target === "string" ? target : target.elementId;
      for (const one of sight.root.querySelectorAll("[data-id]")) if (one.dataset.id === id) one.hidden = target.isVisible === undefined ? !one.hidden : !target.isVisible;
    }
  });
}

export const ACTIONS = {
  "Action.Execute": sent,
  "Action.Submit": sent,
  "Action.OpenUrl": opened,
  "Action.ToggleVisibility": toggled,
};
