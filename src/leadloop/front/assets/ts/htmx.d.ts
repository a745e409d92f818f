declare module "htmx.org/dist/htmx.esm.js" {
  export { default } from "htmx.org";
}
declare module "htmx.org/dist/ext/hx-sse.js";
