/** The SSE extension registers itself on a global `htmx`, so this must be loaded before it. */
import htmx from "htmx.org/dist/htmx.esm.js";

Object.assign(globalThis, { htmx });

export default htmx;
