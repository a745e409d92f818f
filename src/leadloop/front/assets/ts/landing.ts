/** Entry beside `public.ts` for landing pages: tells that this one was read, and nothing about by whom. */
const seen = document.getElementById("seen")?.dataset.seen;
if (seen && !navigator.webdriver) navigator.sendBeacon(seen);
