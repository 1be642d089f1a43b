// Gradio's web component, from this very server: component.py puts in the name of Gradio's own script.
// The component sends its server the query of the page that it stands in, not that of its `src`. So the query of a
// `src` on this server moves into the path, where the server finds it again.
const home = new URL(".", import.meta.url);
const ours = new Map(); // component: the `src` that it gets
const page = document.documentElement;
const lang = page.lang;

// Gradio declares the whole page to be in the browser's language, and screen readers would read it so.
new MutationObserver(() => {
  if (page.lang !== lang) page.lang = lang;
}).observe(page, { attributeFilter: ["lang"] });

for (const widget of document.querySelectorAll("gradio-app[src]")) {
  const asked = new URL(widget.getAttribute("src"), document.baseURI);
  if (new URL(asked.pathname.replace(/\/?$/, "/"), asked).href !== home.href) continue;
  const theme = asked.searchParams.get("__theme");
  if (theme && !widget.hasAttribute("theme_mode")) widget.setAttribute("theme_mode", theme);
  widget.classList.toggle("whydigit-compact", asked.searchParams.get("embed") === "1");
  widget.dataset.link = asked.href;
  const query = btoa(asked.search.slice(1)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  ours.set(widget, query ? `${home.href}at/${query}` : home.href);
  widget.removeAttribute("src"); // with the attribute Gradio connects twice, and one connection is never closed
}
await import("./assets/GRADIO");
for (const [widget, src] of ours) widget.src = src; // read once Gradio's further scripts are there
