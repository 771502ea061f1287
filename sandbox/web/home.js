// The app's Home tab.

import { act, read } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { coalesce, fill, h } from "./dom.js";
import { store } from "./store.js";
import { Surface, complain } from "./surface.js";

/** The Home panel: {el, refresh}. It tells the app that it was opened. */
export function createHome() {
  const blocks = h("div", { class: "home-blocks" });
  const empty = h("div", { class: "home-empty", hidden: true });
  const el = h("div", { class: "home", role: "tabpanel", "aria-label": "Home", tabindex: "-1" }, h("div", { class: "home-page" }, blocks, empty));
  let surface = null;
  const refresh = coalesce(async () => {
    const person = store.me.id;
    try {
      const { view } = await read("home", { as: person });
      if (person !== store.me.id) return;
      blocks.hidden = !view;
      empty.hidden = Boolean(view);
      if (!view) {
        fill(empty, h("p", null, `${store.app?.name || "The app"} has nothing here for you yet.`));
        return;
      }
      if (surface?.place.view_id !== view.id) surface = new Surface("home", { view_id: view.id });
      surface.values = view.state?.values || {};
      surface.keepOnly(view.blocks);
      renderBlocks(blocks, view.blocks, surface);
    } catch (problem) {
      complain(problem);
    }
  });
  act("open_home", { as: store.me.id }).catch(complain);
  refresh();
  return { el, refresh };
}
