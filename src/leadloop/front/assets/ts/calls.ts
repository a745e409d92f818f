/** After an outcome the next call stands where the last one was: the focus goes there, so that keys go on. */
import { closest, find, onContent } from "./dom";
import { bind } from "./keys";

let sent = false;

document.addEventListener("submit", (event) => {
  if (closest(event.target, "[data-calls]")) sent = true;
});

onContent(() => {
  if (!sent || document.activeElement !== document.body) return;
  sent = false;
  find("#record")?.focus({ preventScroll: true });
});

// The telephone rings wherever one is: the form is one key away for everybody who works with calls.
bind("call-in", () => location.assign("/calls/in"), () => find('#rail a[href="/calls"]') !== null);
