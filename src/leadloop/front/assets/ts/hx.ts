/** htmx 4 with server-sent events, and what happens when the server refuses. */
import htmx from "./hx-global";
import "htmx.org/dist/ext/hx-sse.js";
import { find } from "./dom";
import { showError } from "./toast";

/** A 422 carries the form with its messages; it is swapped in like an answer. */
const FORM_WITH_MESSAGES = 422;

interface SwapContext {
  text?: string;
  response?: { status: number };
}

const contextOf = (event: Event): SwapContext => (event as CustomEvent<{ ctx?: SwapContext }>).detail?.ctx ?? {};

/** htmx 4 swaps error pages in; here the page stays and a toast says what is wrong. */
const keepPageOnError = (event: Event): void => {
  const { text, response } = contextOf(event);
  if (!response || response.status < 400 || response.status === FORM_WITH_MESSAGES) return;
  event.preventDefault();
  const toast = find(".toast", new DOMParser().parseFromString(text ?? "", "text/html"));
  showError(toast?.textContent?.trim() || plainReason(response.status));
};

const plainReason = (status: number): string => {
  if (status === 403) return "You are not allowed to do that.";
  if (status === 404) return "That is no longer there. Reload the page to see what is.";
  if (status === 409) return "Someone changed this meanwhile. Reload the page, then try again.";
  if (status === 429) return "That was too often. Wait a minute, then try again.";
  return "The server could not do that. Try again in a minute.";
};

document.addEventListener("htmx:before:swap", keepPageOnError);
document.addEventListener("htmx:error", (event) => {
  const failed = (event as CustomEvent<{ ctx?: { request?: unknown; response?: unknown } }>).detail?.ctx;
  if (failed?.request && !failed.response) showError("No connection to the server. What you typed is still here.");
});

export default htmx;
