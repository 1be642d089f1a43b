// The address of the same page without `embed`. The language is not in the template: Gradio writes it anew for that.
const app = element.closest("gradio-app");
const link = new URL(app.dataset.link ?? window.location.href);
link.searchParams.delete("embed");

function point() {
  element.querySelector("a").href = link.href;
}
watch("value", point);
point();
