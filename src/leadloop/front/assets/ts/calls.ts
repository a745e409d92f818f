/** After an outcome the next call stands where the last one was: the focus goes there, so that keys go on. */
import { closest, find, onContent } from "./dom";

let sent = false;

document.addEventListener("submit", (event) => {
  if (closest(event.target, "[data-calls]")) sent = true;
});

onContent(() => {
  if (!sent || document.activeElement !== document.body) return;
  sent = false;
  find("#record")?.focus({ preventScroll: true });
});
