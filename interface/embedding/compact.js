// `?embed=1` asks for the compact layout (compact.css). Runs before anything of the page is shown. A web component gets
// the first class from component.js: there the address is that of somebody else's page.
if (window.__gradio_mode__ === "app" && new URLSearchParams(window.location.search).get("embed") === "1") {
  document.querySelector("gradio-app").classList.add("whydigit-compact", "whydigit-framed");
}
