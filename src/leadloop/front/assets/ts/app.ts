/** Entry for the signed-in pages. Order matters only for `hx`: the others use it. */
import "./hx";
import "./keys";
import "./clicks";
import "./dialogs";
import "./rows";
import "./worklist";
import "./record";
import "./board";
import "./form";
import "./calls";
