// Brings the three experiments to life: each is the app, opened at the picture and the question in its `data-ask`.
// Without the app the page stays readable: each experiment says where it would be.
const app = new URL(document.querySelector("meta[name=app]").content);
const figures = [...document.querySelectorAll(".widget")];
const components = figures.filter((figure) => figure.querySelector("gradio-app"));

for (const link of document.querySelectorAll("a.app")) link.href = app;
for (const figure of figures) {
  const address = new URL(figure.dataset.ask, app);
  figure.querySelector("figcaption a").href = address;
  address.searchParams.set("embed", "1");
  figure.classList.add("live");
  figure.querySelector("iframe, gradio-app").setAttribute("src", address);
}

function stop(stopped, why) {
  for (const figure of stopped) {
    figure.classList.remove("live");
    figure.querySelector("iframe, gradio-app").remove();
    figure.querySelector(".fallback").textContent = why;
  }
}

try {
  await fetch(app, { mode: "no-cors" }); // whether anybody answers there at all
  try {
    await import(new URL("embed.js", app));
  } catch {
    stop(components, "The app does not let this page use its web component; the link above opens it.");
  }
} catch {
  stop(figures, `The app does not answer at ${app}. Start it with “python app.py”, then load this page again.`);
}
