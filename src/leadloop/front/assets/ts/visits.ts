/**
 * Tells which pages of the company's own site are read: `<script async src="https://…/f/<slug>/visits.js"></script>`.
 *
 * Does nothing until the visitor allows it: the page calls `leadloop.allow()` when they do (and `leadloop.forget()` when
 * they take it back), or says `data-allowed` where it asks by itself. Who asks browsers to be left alone is left alone.
 * No cookie: a random number in the site's own storage tells visitors apart.
 */
const KEY = "leadloop-visitor";
const script = document.currentScript as HTMLScriptElement;
const privately = navigator as Navigator & { globalPrivacyControl?: boolean; doNotTrack?: string | null };
const loaded = document as Document & { prerendering?: boolean };
const isRefused = privately.globalPrivacyControl === true || privately.doNotTrack === "1" || navigator.webdriver;
let told = "";

const tell = (visitor: string): void => {
  if (told === location.href) return;
  const referrer = told || document.referrer;
  told = location.href;
  void navigator.sendBeacon(new URL("seen", script.src), JSON.stringify({ visitor, page: location.href, referrer }));
};

/** Storage may be forbidden; then nobody is told apart. */
const kept = (value?: string): string | null => {
  try {
    if (value) localStorage.setItem(KEY, value);
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

const allow = (): void => {
  const visitor = isRefused ? null : (kept() ?? kept(crypto.randomUUID()));
  if (visitor) tell(visitor);
};

const forget = (): void => {
  try {
    localStorage.removeItem(KEY);
  } catch {
    /* nothing was kept */
  }
};

const begin = (): void => {
  if (script.dataset.allowed !== undefined || kept()) allow();
};

Object.assign(window, { leadloop: { allow, forget } });
/** A page that a browser prepares is read once somebody looks at it. */
if (loaded.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
else begin();
/** Pages that change without being loaded anew. */
addEventListener("popstate", () => kept() && allow());
