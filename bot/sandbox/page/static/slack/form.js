// What is put into the fields of a modal, on its way to the platform, which keeps it.
import { attempt } from "../lib.js";

const PAUSE = 350;

/** `changed()` is called when a fault has come or gone. */
export function makeForm(context, changed) {
  const waiting = new Map(), typed = new Map(), faults = new Map(), forgiven = new Set();
  let line = Promise.resolve();
  const name = (key) => JSON.stringify([key.block_id, key.action_id]);
  return { faults, forgiven, fill, typing, fault, flush, over };

  /** One after the other, so that what was typed last stands. */
  function fill(key, value) {
    clearTimeout(waiting.get(name(key))?.timer);
    waiting.delete(name(key));
    forgive(key.block_id);
    line = line.then(() => attempt(() => context.act("fill", { ...key, value })));
    return line;
  }

  function typing(key, value) {
    clearTimeout(waiting.get(name(key))?.timer);
    typed.set(name(key), value);
    forgive(key.block_id);
    waiting.set(name(key), { key, value, timer: setTimeout(() => fill(key, value), PAUSE) });
  }

  function forgive(block) {
    if (forgiven.has(block)) return;
    forgiven.add(block);
    changed();
  }

  function fault(block, sentence) {
    if ((faults.get(block) ?? "") === sentence) return;
    faults.set(block, sentence);
    changed();
  }

  async function flush() {
    for (const { key, value } of [...waiting.values()]) fill(key, value);
    await line;
  }

  /** The platform's values with what was typed since. */
  function over(values) {
    const found = structuredClone(values);
    for (const [key, value] of typed) {
      const [block, action] = JSON.parse(key);
      if (found[block]?.[action] && "value" in found[block][action]) found[block][action].value = value;
    }
    return found;
  }
}
