/** Entry for pages without sign-in. */
import "./form";
