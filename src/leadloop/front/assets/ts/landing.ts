/**
 * Entry beside `public.ts` for landing pages: tells that this one was read, and nothing about by whom.
 *
 * What somebody reads is remembered only after they said yes, by the script of visits that stands before this one; then
 * the form tells the visitor's number too. A no is remembered, so that nobody is asked twice.
 */
const KEY = "leadloop-visitor";
const DECIDED = "leadloop-visits";

/** Storage may be forbidden; then nobody is asked, and nothing kept. */
const kept = (name: string): string | null => {
  try {
    return localStorage.getItem(name);
  } catch {
    return "";
  }
};

const isLeftAlone = (): boolean => {
  const privately = navigator as Navigator & { globalPrivacyControl?: boolean; doNotTrack?: string | null };
  return privately.globalPrivacyControl === true || privately.doNotTrack === "1" || kept(DECIDED) === "";
};

const showVisits = (place: HTMLElement): void => {
  const isKept = Boolean(kept(KEY));
  place.hidden = isLeftAlone() || (!isKept && kept(DECIDED) !== null);
  for (const part of place.querySelectorAll<HTMLElement>("[data-when]")) part.hidden = (part.dataset.when === "kept") !== isKept;
};

const decide = (place: HTMLElement, choice: string | undefined): void => {
  const { leadloop } = window as unknown as { leadloop?: { allow(): void; forget(): void } };
  if (!choice || !leadloop) return;
  localStorage.setItem(DECIDED, choice);
  if (choice === "yes") leadloop.allow();
  else leadloop.forget();
  showVisits(place);
};

const seen = document.getElementById("seen")?.dataset.seen;
if (seen && !navigator.webdriver) navigator.sendBeacon(seen);

const place = document.getElementById("visits");
if (place) {
  showVisits(place);
  place.addEventListener("click", (event) => decide(place, (event.target as HTMLElement).closest("button")?.value));
  document.querySelector("form")?.addEventListener("formdata", (event) => {
    const visitor = kept(KEY);
    if (visitor) event.formData.set("visitor", visitor);
  });
}
