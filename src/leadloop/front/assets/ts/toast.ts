/** Toasts: ten seconds, longer while someone looks at them, at most three; errors stay until closed. */
import { closest, find, findAll } from "./dom";

const LIFETIME_MS = 10_000;
const AT_MOST = 3;

const isError = (toast: HTMLElement): boolean => toast.dataset.kind === "error";

const startClock = (toast: HTMLElement): void => {
  let left = LIFETIME_MS;
  let startedAt = 0;
  let timer = 0;
  const run = (): void => {
    clearTimeout(timer);
    startedAt = performance.now();
    timer = setTimeout(() => toast.remove(), left);
  };
  const hold = (): void => {
    clearTimeout(timer);
    left = Math.max(1_000, left - (performance.now() - startedAt));
  };
  const resume = (): void => {
    if (!toast.matches(":hover, :focus-within")) run();
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", resume);
  toast.addEventListener("focusout", () => queueMicrotask(resume));
  run();
};

const dropOldest = (box: HTMLElement): void => {
  const passing = findAll(".toast", box).filter((toast) => !isError(toast));
  passing.slice(0, Math.max(0, findAll(".toast", box).length - AT_MOST)).forEach((toast) => toast.remove());
};

/** Shows an error the server did not word itself. */
export const showError = (sentence: string): void => {
  const template = find<HTMLTemplateElement>("#error-toast");
  const toast = template?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
  if (!toast) return;
  find(".toast-text", toast)?.replaceChildren(sentence);
  find("#toasts")?.append(toast);
};

const box = find("#toasts");
if (box) {
  findAll(".toast", box).filter((toast) => !isError(toast)).forEach(startClock);
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node instanceof HTMLElement && node.matches(".toast") && !isError(node)) startClock(node);
    }
    dropOldest(box);
  }).observe(box, { childList: true });
}

// An answered Undo has done its work; the answer itself may bring a new toast.
document.addEventListener("htmx:finally:request", (event) => {
  const toast = closest(event.target, ".toast");
  if (toast && !isError(toast)) toast.remove();
});
